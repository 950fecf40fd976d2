namespace Rewas.Sound.Wav;

/// <summary>Sample format of a written file. Whole numbers are clipped at full scale; they are the inverse of what is read.</summary>
public enum WavEncoding
{
    /// <summary>16-bit integers.</summary>
    Pcm16,

    /// <summary>32-bit IEEE floats, stored exactly.</summary>
    Float32,

    /// <summary>24-bit integers.</summary>
    Pcm24,

    /// <summary>32-bit integers. A float sample has 24 bits of them.</summary>
    Pcm32,
}

/// <summary>Sizes of encodings.</summary>
public static class WavEncodings
{
    /// <summary>Bytes of one sample of one channel.</summary>
    public static int SampleBytes(this WavEncoding encoding) => encoding switch
    {
        WavEncoding.Pcm16 => 2,
        WavEncoding.Pcm24 => 3,
        _ => 4,
    };
}
