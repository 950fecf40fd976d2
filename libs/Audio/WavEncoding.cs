namespace Rewas.Audio;

/// <summary>How a sample is written.</summary>
public enum WavEncoding
{
    /// <summary>Integers of 16 bits; what lies beyond [-1, 1] is clipped.</summary>
    Pcm16,

    /// <summary>IEEE floats of 32 bits, exactly as given.</summary>
    Float32,
}
