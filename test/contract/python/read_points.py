"""Fetches a table of points and reads it with four readers that know nothing of us; prints what each has found, as JSON."""
import json
import math
import struct
import sys
import urllib.request
from datetime import datetime, timedelta, timezone

import duckdb
import pandas
import polars
import pyarrow.parquet

address, path = sys.argv[1:]
urllib.request.urlretrieve(address, path)
EPOCH = datetime(1970, 1, 1, tzinfo=timezone.utc)


def whole(value):
    return None if value is None or math.isnan(value) else int(value)


def plain(row):
    """Times as microseconds since the epoch, doubles by their bits."""
    time = row["timestamp"]
    return {
        **row,
        "attempt": whole(row["attempt"]),
        "step": whole(row["step"]),
        "timestamp": time if isinstance(time, int) else (time - EPOCH) // timedelta(microseconds=1),
        "value": struct.pack(">d", row["value"]).hex(),
    }


table = pyarrow.parquet.read_table(path)
frame = pandas.read_parquet(path)
relation = duckdb.sql(f"select * replace (epoch_us(timestamp) as timestamp) from '{path}'")
rows = {
    "pyarrow": table.to_pylist(),
    "pandas": frame.to_dict("records"),
    "duckdb": [dict(zip(relation.columns, row)) for row in relation.fetchall()],
    "polars": polars.read_parquet(path).rows(named=True),
}
print(
    json.dumps(
        {
            "types": {field.name: str(field.type) for field in table.schema},
            "counts": {
                "pyarrow": pyarrow.parquet.ParquetFile(path).metadata.num_rows,
                "duckdb": duckdb.sql(f"select count(*) from '{path}'").fetchall()[0][0],
            },
            # As a user asks: what is NaN is NaN, and no number that is missing.
            "nan": int(frame["value"].isna().sum()),
            "rows": {reader: [plain(row) for row in found] for reader, found in rows.items()},
        }
    )
)
