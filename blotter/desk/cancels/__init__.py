"""From a confirmed wish to the one outcome it comes to: the only place that sends, the only one that concludes."""
