namespace Rewas.Protocol;

/// <summary>Sizes that both ends of a call respect.</summary>
public static class MessageLimits
{
    /// <summary>Largest chunk of a file per message, bytes.</summary>
    public const int ChunkBytes = 1 << 20;

    /// <summary>Largest accepted message, bytes: several windows of mel, or a chunk of a file with room to spare.</summary>
    public const int MessageBytes = 4 << 20;

    /// <summary>Most axes of a tensor.</summary>
    public const int TensorAxes = 8;
}
