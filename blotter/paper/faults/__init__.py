"""A bad night at the practice broker, from one seed.

The broker itself stays as it is: its faults are a layer around its web application (what a broker says) and a relay in
front of its socket (what a line does to bytes).
"""
