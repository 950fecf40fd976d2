namespace Rewas.Bundles.Checkpoints;

/// <summary>The value storages of a PyTorch file.</summary>
interface ITorchStorages : IDisposable
{
    /// <summary>Reads bytes of a storage, from byte <paramref name="offset"/>. The range must lie inside the storage.</summary>
    void Read(TorchStorage storage, long offset, Span<byte> destination);
}
