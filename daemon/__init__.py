"""motcua: the customer desk's background daemon. The version stands here and nowhere else."""

import os

__version__ = "0.1.0"

# onnxruntime reports to its maker unless it is told not to before it is loaded, here or in a child process.
os.environ["ORT_DISABLE_TELEMETRY"] = "1"
