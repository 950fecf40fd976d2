namespace Rewas.Networks;

/// <summary>What controls the sound of one window.</summary>
/// <param name="Energy">Mean log mel of each frame, [512].</param>
/// <param name="Onsets">1 where the sound sets in, 0 elsewhere, [512]; null: not known.</param>
/// <param name="Texture">Numbers of spectral texture of each frame, [512, 5]; null: not known.</param>
public sealed record WindowControl(float[] Energy, float[]? Onsets = null, float[]? Texture = null)
{
    /// <summary>Its frames with which another scene begins, in order.</summary>
    public IReadOnlyList<int> Cuts { get; init; } = [];
}
