"""A synthetic New Zealand: people in families, relationships as written down, events, and the true registry."""

from data_synthetic.network.truth import Truth, load_truth
from data_synthetic.network.world import World, generate_world
from data_synthetic.network.write import write_world

__all__ = ["Truth", "World", "generate_world", "load_truth", "write_world"]
