using System.Runtime.Intrinsics;

namespace Rewas.AudioDiffusion.Samplers;

/// <summary>A latent that a step reads.</summary>
public enum StepTerm
{
    /// <summary>The latent at the step's first level.</summary>
    Latent,

    /// <summary>What a sampler keeps of the latent at the level before, after correction.</summary>
    Start,

    /// <summary>The clean latent of the step before.</summary>
    Previous,

    /// <summary>The clean latent of the step before that.</summary>
    Older,

    /// <summary>The predicted noise.</summary>
    Epsilon,

    /// <summary>The clean latent that the predicted noise implies.</summary>
    Clean,

    /// <summary>Fresh standard normal noise.</summary>
    Noise,
}

/// <summary>
/// A weighted sum of latents. Every sampler is linear in them, so a step is a few such sums, whichever device computes them.
/// </summary>
public readonly record struct StepSum
{
    /// <summary>Number of latents that a step may read.</summary>
    public static readonly int Terms = Enum.GetValues<StepTerm>().Length;

    readonly Vector512<double> weights;

    StepSum(Vector512<double> weights) => this.weights = weights;

    public static StepSum Latent => Of(StepTerm.Latent);

    public static StepSum Start => Of(StepTerm.Start);

    public static StepSum Previous => Of(StepTerm.Previous);

    public static StepSum Older => Of(StepTerm.Older);

    public static StepSum Epsilon => Of(StepTerm.Epsilon);

    public static StepSum Clean => Of(StepTerm.Clean);

    public static StepSum Noise => Of(StepTerm.Noise);

    public double this[StepTerm term] => weights[(int)term];

    public static StepSum operator +(StepSum left, StepSum right) => new(left.weights + right.weights);

    public static StepSum operator -(StepSum left, StepSum right) => new(left.weights - right.weights);

    public static StepSum operator *(double factor, StepSum sum) => new(factor * sum.weights);

    /// <summary>The sum that is one latent.</summary>
    public static StepSum Of(StepTerm term) => new(Vector512<double>.Zero.WithElement((int)term, 1));
}
