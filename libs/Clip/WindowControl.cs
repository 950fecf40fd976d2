namespace Rewas.Clip;

/// <summary>The control of one window's sound.</summary>
/// <param name="Energy">Mean log mel of each frame, [512].</param>
/// <param name="Onsets">1 at onsets, 0 elsewhere, [512]; null if unknown.</param>
/// <param name="Texture">Spectral texture of each frame, [512, 5]; null if unknown.</param>
public sealed record WindowControl(float[] Energy, float[]? Onsets = null, float[]? Texture = null)
{
    /// <summary>Frames of the window at which a new scene begins, ascending.</summary>
    public IReadOnlyList<int> Cuts { get; init; } = [];

    /// <summary>Log mel from which the sampling of each candidate starts, [candidates][512 * 64]; empty for none.</summary>
    public IReadOnlyList<float[]> Starts { get; init; } = [];
}
