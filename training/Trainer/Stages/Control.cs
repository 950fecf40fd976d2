using Rewas.Trainer.Data;

namespace Rewas.Trainer.Stages;

enum ControlKind
{
    None,
    Energy,

    /// <summary>Onsets without energy: the paper's second model.</summary>
    Onsets,

    /// <summary>Energy and spectral texture.</summary>
    Texture,
}

/// <summary>The controls of one sound.</summary>
/// <param name="Curve">Energy [512], or null.</param>
/// <param name="Onsets">One value per token, or empty.</param>
/// <param name="Texture">Five values per token, or empty.</param>
sealed record Control(float[]? Curve, float[] Onsets, float[] Texture)
{
    public static readonly Control None = new(null, [], []);

    public static Control OfCurve(float[] curve) => new(curve, [], []);

    public static Control Energy(TrainingClip clip) => OfCurve(clip.Control);

    public static Control Of(TrainingClip clip, ControlKind kind) => kind switch
    {
        ControlKind.Energy => Energy(clip),
        ControlKind.Onsets => new(null, clip.TokenOnsets, []),
        ControlKind.Texture => new(clip.Control, [], clip.TokenTexture),
        _ => None,
    };
}
