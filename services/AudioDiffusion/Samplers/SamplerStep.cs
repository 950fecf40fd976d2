namespace Rewas.AudioDiffusion.Samplers;

/// <summary>One step of a sampler: what it keeps, as sums of what it kept and of what the step brings.</summary>
/// <param name="Latent">The latent at the step's second level.</param>
public sealed record SamplerStep(StepSum Latent)
{
    /// <summary>Number of latents that a sampler may keep.</summary>
    public const int Kept = 4;

    public StepSum Start { get; init; } = StepSum.Start;

    public StepSum Previous { get; init; } = StepSum.Previous;

    public StepSum Older { get; init; } = StepSum.Older;

    /// <summary>The sum of a kept latent: one of the first <see cref="Kept"/> terms.</summary>
    public StepSum this[StepTerm kept] => kept switch
    {
        StepTerm.Latent => Latent,
        StepTerm.Start => Start,
        StepTerm.Previous => Previous,
        StepTerm.Older => Older,
        _ => throw new ArgumentOutOfRangeException(nameof(kept), kept, "is not kept"),
    };
}
