"""The public names, so that none comes or goes unnoticed."""

import cayley.spiking


def test_public_names():
    assert sorted(cayley.spiking.__all__) == [
        "AxonalDelay", "BoxGate", "ChaoticGradientWarning", "CosineGate", "DelayedOperation",
        "DelayedXOR", "Dynamics", "GatedCell", "GatedRecurrent", "GatedStack", "LIF",
        "LossyExportWarning", "NIF", "NeuronParameters", "PolynomialGate", "PredictiveAutoencoding",
        "QIF", "Recording", "YinYang", "export_weights", "from_nir", "import_weights",
        "spike_times", "to_nir",
    ]  # fmt: skip
    assert all(hasattr(cayley.spiking, name) for name in cayley.spiking.__all__)
