# Asks the GCS at the address in argv[1] for its Ray's version and its nodes; one line of JSON behind a word that tells it
# from what Ray may write. A GCS of another version answers this, too.
import json
import sys

from ray._raylet import GcsClient

gcs = GcsClient(address=sys.argv[1])
metadata = json.loads(gcs.internal_kv_get(b"CLUSTER_METADATA", b"cluster", timeout=float(sys.argv[2])))
nodes = [
    node.node_manager_address
    for node in gcs.get_all_node_info(timeout=float(sys.argv[2])).values()
    if node.state == 0
]
print("CLUSTER", json.dumps({"version": metadata["ray_version"], "nodes": nodes}), flush=True)
