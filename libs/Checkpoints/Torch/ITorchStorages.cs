namespace Rewas.Checkpoints.Torch;

/// <summary>Where the values of a PyTorch file lie.</summary>
interface ITorchStorages : IDisposable
{
    /// <summary>Reads bytes of a storage.</summary>
    /// <param name="storage">Which.</param>
    /// <param name="offset">First byte in it.</param>
    /// <param name="destination">Where to; inside the storage.</param>
    void Read(TorchStorage storage, long offset, Span<byte> destination);
}
