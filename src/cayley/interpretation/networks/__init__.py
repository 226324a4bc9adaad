"""The arrays that a network consists of, whether it runs or was read from a file.

Read in this order: ``_network_parts`` (the value), ``_read_parts`` (from npz and safetensors),
``_named_matrices`` and ``_run_network`` (from modules of torch), ``_hypercube``; ``_recomputation``
(logits from the arrays) and ``_file_network`` (a network that is only a file).
"""

__all__: list[str] = []
