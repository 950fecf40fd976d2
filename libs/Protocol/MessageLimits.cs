namespace Rewas.Protocol;

/// <summary>Sizes that both ends of a call keep to.</summary>
public static class MessageLimits
{
    /// <summary>Largest chunk of a file in one message, bytes.</summary>
    public const int ChunkBytes = 1 << 20;

    /// <summary>Largest message that is read, bytes: several windows of mel, or a chunk of a file with room to spare.</summary>
    public const int MessageBytes = 4 << 20;

    /// <summary>Largest number of axes of a tensor.</summary>
    public const int TensorAxes = 8;
}
