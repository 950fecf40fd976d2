namespace Rewas.Rendering;

/// <summary>How the layers of a sound are written as files.</summary>
public enum StemForm
{
    /// <summary>One file for each layer.</summary>
    Layers,

    /// <summary>One file for each channel of each layer, as many post houses want it.</summary>
    Mono,

    /// <summary>One file with all channels of all layers, as field recorders write it.</summary>
    Poly,
}
