"""Measuring: each bench goes through the same code as ``run``, beside a floor or a peer in the same run. Judges nothing."""
