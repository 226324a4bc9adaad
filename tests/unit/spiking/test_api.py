"""The public names, so that none comes or goes unnoticed, and what an import costs."""

import subprocess
import sys

import cayley.spiking


def test_public_names():
    assert sorted(cayley.spiking.__all__) == [
        "BoxGate", "ChaoticGradientWarning", "CosineGate", "DelayedOperation", "DelayedXOR",
        "Dynamics", "GatedCell", "GatedRecurrent", "GatedStack", "LIF",
        "LossyExportWarning", "NIF", "PolynomialGate", "PredictiveAutoencoding", "QIF",
        "Recording", "YinYang", "export_weights", "import_weights", "spike_times",
        "to_nir",
    ]  # fmt: skip
    assert all(hasattr(cayley.spiking, name) for name in cayley.spiking.__all__)


def test_the_kernel_is_compiled_only_when_it_is_used():
    code = "import cayley.spiking, sys; print('numba' in sys.modules, 'nir' in sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.split() == ["False", "False"]
