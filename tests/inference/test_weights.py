import pytest
import torch

from inference import weights

META = {"name": "tiny", "version": "1", "labels": ["a", "b"], "training_data": ["made up"], "licence": "MIT"}


def state() -> dict[str, torch.Tensor]:
    generator = torch.Generator().manual_seed(0)
    return {
        "conv.weight": torch.randn(8, 4, 3, 3, generator=generator) * torch.logspace(-3, 1, 8)[:, None, None, None],
        "conv.bias": torch.randn(8, generator=generator),
        "norm.running_var": torch.tensor([1e-4, 70_000.0]),
        "steps": torch.tensor(12345),
    }


@pytest.mark.parametrize(("storage", "error"), [("fp32", 0.0), ("fp16", 1e-3), ("int8", 1 / 127)])
def test_weights_come_back(tmp_path, storage, error):
    weights.save(tmp_path / "w.safetensors", state(), META, storage)
    back, meta = weights.load(tmp_path / "w.safetensors")
    assert meta == META
    assert set(back) == set(state())
    for name, tensor in state().items():
        assert back[name].shape == tensor.shape
        if name == "conv.weight":
            largest = tensor.abs().flatten(1).amax(1)[:, None, None, None]
            assert ((back[name] - tensor).abs() <= largest * error + 1e-12).all()
        else:
            assert torch.allclose(back[name].double(), tensor.double(), rtol=1e-3)


def test_int8_is_small(tmp_path):
    matrix = {"layer.weight": torch.randn(256, 1024)}
    weights.save(tmp_path / "w.safetensors", matrix, META, "int8")
    assert (tmp_path / "w.safetensors").stat().st_size < 256 * 1024 * 1.05


def test_a_row_of_zeros_stays_zero(tmp_path):
    weights.save(tmp_path / "w.safetensors", {"layer.weight": torch.zeros(4, 64)}, META, "int8")
    assert weights.load(tmp_path / "w.safetensors")[0]["layer.weight"].abs().max() == 0


def test_a_table_of_means_is_no_matrix(tmp_path):
    table = torch.tensor([[1e-3, 500.0] * 32, [0.2, -80.0] * 32])
    weights.save(tmp_path / "w.safetensors", {"mean": table}, META, "int8")
    assert torch.allclose(weights.load(tmp_path / "w.safetensors")[0]["mean"], table, rtol=1e-3)


def test_metadata_may_not_be_forgotten(tmp_path):
    with pytest.raises(ValueError, match="licence"):
        weights.save(tmp_path / "w.safetensors", state(), {k: v for k, v in META.items() if k != "licence"})


def test_missing_damaged_or_foreign_files_are_named(tmp_path):
    with pytest.raises(weights.WeightsError, match="missing"):
        weights.load(tmp_path / "none.safetensors")
    (tmp_path / "bad.safetensors").write_bytes(b"not weights at all")
    with pytest.raises(weights.WeightsError, match="damaged"):
        weights.load(tmp_path / "bad.safetensors")
    from safetensors.torch import save_file

    save_file({"w": torch.zeros(1)}, tmp_path / "foreign.safetensors")
    with pytest.raises(weights.WeightsError, match="has no metadata of Haru"):
        weights.load(tmp_path / "foreign.safetensors")
