namespace Rewas.Bundles.Checkpoints;

/// <summary>The value storages of a PyTorch file.</summary>
interface ITorchStorages : IDisposable
{
    /// <summary>Reads bytes of a storage, from byte <paramref name="offset"/>. Takes memory only for bytes that the file has.</summary>
    byte[] Read(TorchStorage storage, long offset, int count);
}
