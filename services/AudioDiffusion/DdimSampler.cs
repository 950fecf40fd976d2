namespace Rewas.AudioDiffusion;

/// <summary>What a denoiser call is conditioned on.</summary>
/// <param name="Text">Text embedding, [E].</param>
/// <param name="Hint">Control latent, [latent].</param>
public sealed record Condition(ReadOnlyMemory<float> Text, ReadOnlyMemory<float> Hint);

/// <summary>
/// One window on its way from noise to latent: DDIM (Song et al., 2021, arXiv 2010.02502, equation 12) with classifier-free guidance
/// (Ho and Salimans, 2022, arXiv 2207.12598). It holds state only; who calls the denoiser, and with how many windows at once,
/// is not its concern: <see cref="WriteCall"/> gives the rows of the next call, <see cref="Accept"/> takes their result.
/// </summary>
public sealed class DdimSampler
{
    public const string Name = "ddim";

    readonly DdimSchedule schedule;
    readonly double guidanceScale;
    readonly Condition[] conditions;                                         // [conditional] or [unconditional, conditional]
    readonly LatentNoise noise;
    readonly int window;
    readonly float[] latent;
    readonly float[] stepNoise;

    /// <param name="schedule">Noise levels to visit.</param>
    /// <param name="guidanceScale">How far to go from the unconditional towards the conditional prediction; 1: the conditional one alone.</param>
    /// <param name="conditional">What is asked for.</param>
    /// <param name="unconditional">The embedding of the empty text and a zero control latent.</param>
    /// <param name="noise">The request's noise.</param>
    /// <param name="window">Window, from 0.</param>
    /// <param name="start">Latent to start from; null: noise of step 0.</param>
    public DdimSampler(
        DdimSchedule schedule, double guidanceScale, Condition conditional, Condition unconditional, LatentNoise noise, int window, float[]? start = null)
    {
        (this.schedule, this.guidanceScale, this.noise, this.window) = (schedule, guidanceScale, noise, window);
        conditions = guidanceScale == 1 ? [conditional] : [unconditional, conditional];
        latent = new float[conditional.Hint.Length];
        stepNoise = new float[latent.Length];
        if (start is null)
            noise.Fill(window, step: 0, latent);
        else
            start.CopyTo(latent, 0);
    }

    /// <summary>Rows that each denoiser call needs: 2 with guidance, 1 without.</summary>
    public int Rows => conditions.Length;

    public int Steps => schedule.Timesteps.Count;

    /// <summary>Steps done.</summary>
    public int StepsDone { get; private set; }

    public bool IsDone => StepsDone == Steps;

    /// <summary>The latent so far; the result once <see cref="IsDone"/>.</summary>
    public ReadOnlySpan<float> Latent => latent;

    /// <summary>Writes the rows of the next denoiser call.</summary>
    /// <param name="x">Latents, [rows, latent].</param>
    /// <param name="t">Training steps, [rows].</param>
    /// <param name="y">Text embeddings, [rows, E].</param>
    /// <param name="hint">Control latents, [rows, latent].</param>
    public void WriteCall(Span<float> x, Span<float> t, Span<float> y, Span<float> hint)
    {
        for (var row = 0; row < Rows; row++)
        {
            var (text, control) = conditions[row];
            latent.CopyTo(x[(row * latent.Length)..]);
            t[row] = schedule.Timesteps[Level];
            text.Span.CopyTo(y[(row * text.Length)..]);
            control.Span.CopyTo(hint[(row * control.Length)..]);
        }
    }

    /// <summary>Takes one step with the noise that the denoiser predicted.</summary>
    /// <param name="predicted">Its answer to <see cref="WriteCall"/>, [rows, latent].</param>
    public void Accept(ReadOnlySpan<float> predicted)
    {
        var level = Level;
        var (alpha, previous, sigma) = (schedule.Alphas[level], schedule.PreviousAlphas[level], schedule.Sigmas[level]);
        var (signal, remaining) = (Math.Sqrt(alpha), Math.Sqrt(1 - alpha));
        var (nextSignal, direction) = (Math.Sqrt(previous), Math.Sqrt(Math.Max(0, 1 - previous - sigma * sigma)));

        StepsDone++;
        if (sigma > 0)
            noise.Fill(window, StepsDone, stepNoise);
        for (var i = 0; i < latent.Length; i++)
        {
            double epsilon = predicted[i];
            if (Rows == 2)
                epsilon += guidanceScale * (predicted[latent.Length + i] - epsilon);
            var clean = (latent[i] - remaining * epsilon) / signal;
            latent[i] = (float)(nextSignal * clean + direction * epsilon + sigma * stepNoise[i]);
        }
    }

    /// <summary>Index into the schedule, which sampling walks from its last entry to its first.</summary>
    int Level => Steps - 1 - StepsDone;
}
