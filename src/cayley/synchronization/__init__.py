from cayley.synchronization._result import Sweep, Synchronization
from cayley.synchronization._schedule import Schedule, matrix_size
from cayley.synchronization._synchronize import synchronize
