import torch

from training import precision

CPU = torch.device("cpu")


def test_an_imitated_bf16_is_never_chosen(monkeypatch):
    """Fails, too, where torch no longer has the names that are asked for."""
    monkeypatch.setattr(torch.cpu, "_is_avx512_bf16_supported", lambda: False)
    monkeypatch.setattr(torch.cpu, "_is_amx_tile_supported", lambda: False)
    with precision.autocast(CPU):
        assert _product() == torch.float32


def test_bf16_where_the_machine_has_it_unless_unwanted(monkeypatch):
    monkeypatch.setattr(torch.cpu, "_is_avx512_bf16_supported", lambda: True)
    with precision.autocast(CPU):
        assert _product() == torch.bfloat16
    with precision.autocast(CPU, wanted=False):
        assert _product() == torch.float32


def _product() -> torch.dtype:
    return (torch.ones(2, 2) @ torch.ones(2, 2)).dtype
