namespace Rewas.Sound.Wav;

/// <summary>Sample format of a written file.</summary>
public enum WavEncoding
{
    /// <summary>16-bit integers. Values outside [-1, 1] are clipped.</summary>
    Pcm16,

    /// <summary>32-bit IEEE floats, stored exactly.</summary>
    Float32,
}
