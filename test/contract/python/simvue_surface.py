"""The public members of the client's classes, each named by the class that defines it, and the programs that use a member of that name."""
import inspect
import json
import pathlib
import re

import simvue
import simvue.api.objects
import simvue.api.objects.administrator

programs = {path.name: path.read_text() for path in pathlib.Path(__file__).parent.glob("simvue_*.py") if path.name != pathlib.Path(__file__).name}
members = {}


def classes():
    yield "simvue", simvue.Client
    yield "simvue", simvue.Run
    for module in (simvue.api.objects, simvue.api.objects.administrator):
        for _, found in inspect.getmembers(module, inspect.isclass):
            if found.__module__.startswith("simvue."):
                yield "objects", found
    yield "objects", type(simvue.api.objects.Run.filter())
    yield "objects", type(simvue.api.objects.Folder.filter())


for package, found in classes():
    for base in inspect.getmro(found):
        if not base.__module__.startswith("simvue."):
            continue
        for name, value in vars(base).items():
            called = value.__func__ if isinstance(value, (classmethod, staticmethod)) else value
            if name.startswith("_") or not (callable(called) or isinstance(value, property)) or inspect.isclass(value):
                continue
            used = re.compile(rf"\.{name}" + (r"\b" if isinstance(value, property) else r"\("))
            members[f"{package}.{base.__name__}.{name}"] = sorted(file for file, text in programs.items() if used.search(text))
print(json.dumps({"members": members}))
