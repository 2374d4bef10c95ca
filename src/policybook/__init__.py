"""policybook: compare what authors prescribe, and show the sentence behind every claim."""

__version__ = "0.1.0"
