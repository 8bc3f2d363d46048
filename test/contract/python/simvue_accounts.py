"""Tags, users, tenants, statistics: made, read, changed and deleted as objects of the client."""
import datetime
import importlib.metadata
import json

from simvue import Client
from simvue.api.objects import Run as RunObject
from simvue.api.objects import Stats, Tag
from simvue.api.objects.administrator import Tenant, User
from simvue.exception import ObjectNotFoundError

NEW = importlib.metadata.version("simvue").startswith("2.6")
client = Client()


def gone(read):
    try:
        read()
    except ObjectNotFoundError:
        return True
    return False


tag = Tag.new(name="objects")
tag.commit()
assert len(tag.id) == 22 and tag.name == "objects" and not tag.description and isinstance(tag.created, datetime.datetime)
assert 0 <= tag.colour.r <= 1, tag.colour
again = Tag.new(name="objects")
again.commit()
assert again.id == tag.id
run = RunObject.new(folder="/contract/accounts")
run.tags = ["objects", "kept"]
run.commit()
tag.name, tag.description, tag.colour = "renamed", "a word", (200, 0, 0)
tag.commit()
seen = client.get_tag(tag.id)
assert (seen.name, seen.description, seen.colour.g, round(seen.colour.r, 2)) == ("renamed", "a word", 0, 0.78), seen.to_dict()
assert sorted(RunObject(run.id).tags) == ["kept", "renamed"], RunObject(run.id).tags
for colour in ("blue", "#0f0", "rgb(1, 2, 3)"):
    tag.colour = colour
    tag.commit()
    assert client.get_tag(tag.id).colour is not None
client.delete_tag(tag.id)
assert gone(lambda: client.get_tag(tag.id)) and RunObject(run.id).tags == ["kept"]
kept = next(one for _, one in client.get_tags() if one.name == "kept")
kept.read_only(False)
kept.delete()
assert RunObject(run.id).tags == []

tenant = Tenant.new(name="contract tenant", max_runs=5, max_data_volume=7, max_request_rate=9, is_enabled=True)
tenant.commit()
seen = Tenant(tenant.id)
assert (seen.name, seen.is_enabled, seen.max_runs, seen.max_data_volume, seen.max_request_rate) == ("contract tenant", True, 5, 7, 9)
assert isinstance(seen.created, datetime.datetime) and tenant.id in set(dict(Tenant.get())) and Tenant.count() >= 1
tenant.name, tenant.is_enabled, tenant.max_runs = "other tenant", False, 6
tenant.commit()
seen = Tenant(tenant.id)
assert (seen.name, seen.is_enabled, seen.max_runs) == ("other tenant", False, 6)

user = User.new(
    username="jbloggs", fullname="Joe Bloggs", email="jbloggs@example.org", is_manager=False, is_admin=False, is_readonly=True,
    welcome=False, tenant=tenant.id,
)
user.commit()
seen = User(user.id)
assert (seen.username, seen.fullname, str(seen.email)) == ("jbloggs", "Joe Bloggs", "jbloggs@example.org"), seen.to_dict()
assert (seen.is_manager, seen.is_admin, seen.is_readonly, seen.enabled, seen.deleted) == (False, False, True, True, False)
assert isinstance(seen.created, datetime.datetime) and user.id in set(dict(User.get()))
user.fullname, user.is_manager, user.email, user.enabled, user.is_readonly, user.is_admin, user.username = (
    "Joanna Bloggs", True, "jo@example.org", False, False, False, "jo",
)
user.commit()
seen = User(user.id)
assert (seen.fullname, seen.is_manager, str(seen.email), seen.enabled, seen.username) == ("Joanna Bloggs", True, "jo@example.org", False, "jo")
user.delete()
assert User(user.id).deleted is True and User(user.id).enabled is False, "a deleted user is kept, for what is theirs"
for _ in range(2):
    again = User.new(
        username="jo", fullname="Another", email="jo@example.org", is_manager=False, is_admin=False, is_readonly=True, welcome=False,
        tenant=tenant.id,
    )
    again.commit()
    assert User(again.id).enabled and not User(again.id).deleted and User(again.id).fullname == "Another", User(again.id).to_dict()
    again.delete()
tenant.delete()
assert gone(lambda: Tenant(tenant.id).created)

stats = Stats()
assert stats.whoami()["username"] and stats.whoami()["tenant"]
counted = stats.to_dict()
assert counted["runs"]["created"] >= 1 and "running" in counted["runs"], counted
if NEW:
    assert stats.get_run_stats()
tenants = stats.admin_stats()
me = tenants[stats.whoami()["username"]]
assert (me.runs, me.files, me.volume, me.events, me.metrics) == (1, 0, 0, 0, 0) and me.tags >= 0 and me.alerts >= 0, me
assert stats.admin_stats(tenant=next(iter(tenants))) is not None
print(json.dumps({"tenants": sorted(tenants)}))
