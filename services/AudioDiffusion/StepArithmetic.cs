using Rewas.AudioDiffusion.Samplers;
using Rewas.Clip;
using Rewas.Networks;

namespace Rewas.AudioDiffusion;

/// <summary>
/// What <see cref="WindowSampler.Accept"/> does, as networks without weights, so that latents can stay on a device. W windows have R rows
/// of the denoiser; N is the length of a latent.
/// </summary>
static class StepArithmetic
{
    /// <summary>Inputs of <see cref="Advance"/> that change at every step; the next one is the noise.</summary>
    public const int ChangingInputs = 6;

    /// <summary>Numbers of a window in the input "levels".</summary>
    public const int Levels = 5;

    /// <summary>Keeps deviations of a constant away from a division by zero.</summary>
    const float LeastDeviation = 1e-12f;

    /// <summary>Predictions of the denoiser to the latents of its next call.</summary>
    /// <param name="latent">[-1, Z, H, W] of the denoiser's input.</param>
    public static NetworkDefinition Advance(Port latent, int length) => new(
        "sampler_step",
        [
            new("weights", ElementType.Float32, [SamplerStep.Kept * StepSum.Terms, -1, 1], "Weights of the sums that are kept [28, W, 1]."),
            new("guidance", ElementType.Float32, [1, -1, -1, 1], "Weight of each row in the prediction of each window [1, W, R, 1]."),
            new("levels", ElementType.Float32, [Levels, -1, 1],
                "Signal and noise of the level, weights of latent and prediction in the noise, and rescaling [5, W, 1]."),
            new("full", ElementType.Int64, [1, -1], "The row of each window that has text and energy [1, W]."),
            new("windows", ElementType.Int64, [-1], "The window of each row of the next call [R]."),
            new("times", ElementType.Float32, [-1], "Training step of each row of the next call [R]."),
            new("noise", ElementType.Float32, [1, -1, length], "Standard normal noise [1, W, N]."),
            new("kept", ElementType.Float32, [SamplerStep.Kept, -1, length], "What is kept between steps [4, W, N]."),
            new("known", ElementType.Float32, [1, -1, length], "Fixed values [1, W, N]."),
            new("share", ElementType.Float32, [1, -1, length], "1 where a value is fixed, 0 where it is free [1, W, N]."),
            latent with { Name = "predicted", Description = "Output of the denoiser [R, ...]." },
        ],
        [
            new("next", ElementType.Float32, [SamplerStep.Kept, -1, length], "What is kept for the next step [4, W, N]."),
            latent with { Name = "x", Description = "Latents of the next call [R, ...]." },
            new("t", ElementType.Float32, [-1], "Training step of each row [R]."),
        ],
        _ => inputs =>
        {
            var (weights, guidance, levels, full, windows, times) = (inputs[0], inputs[1], inputs[2], inputs[3], inputs[4], inputs[5]);
            var (noise, kept, known, share, predicted) = (inputs[6], inputs[7], inputs[8], inputs[9], inputs[10]);
            var (signal, amplitude, ofLatent) = (Part(levels, 0), Part(levels, 1), Part(levels, 2));
            var (ofPrediction, rescale) = (Part(levels, 3), Part(levels, 4));
            var rows = predicted.Reshape(-1, length);                                        // [R, N]

            var guided = (guidance * rows.Reshape(1, 1, -1, length)).Sum(2, keepAxis: false); // [1, W, N]
            var back = Deviation(rows.Gather(full)) / Deviation(guided);
            guided = guided * (rescale * (back - 1) + 1);

            var now = Part(kept, (int)StepTerm.Latent);
            var epsilon = ofPrediction * guided + ofLatent * now;
            epsilon = epsilon + share * ((now - signal * known) / amplitude - epsilon);
            var clean = (now - amplitude * epsilon) / signal;
            var terms = kept.Concat(0, epsilon, clean, noise);                               // as StepTerm, [7, W, N]
            var next = Enumerable.Range(0, SamplerStep.Kept)
                .Select(sum => (weights.Slice(0, sum * StepSum.Terms, (sum + 1) * StepSum.Terms) * terms).Sum(0)).ToArray();
            return [next[0].Concat(0, next[1..]), Rows(next[0], windows, latent, length), times];
        });

    /// <summary>What the next calls read, brought to the device: windows that begin, or that come from another batch.</summary>
    /// <param name="denoiser">Inputs of the denoiser.</param>
    public static NetworkDefinition Begin(IReadOnlyList<Port> denoiser, int length)
    {
        Port[] brought =
        [
            new("kept", ElementType.Float32, [SamplerStep.Kept, -1, length], "What is kept between steps [4, W, N]."),
            new("known", ElementType.Float32, [1, -1, length], "Fixed values [1, W, N]."),
            new("share", ElementType.Float32, [1, -1, length], "1 where a value is fixed, 0 where it is free [1, W, N]."),
            denoiser[StepPorts.Time], denoiser[StepPorts.Film], denoiser[StepPorts.Features],
        ];
        var latent = denoiser[StepPorts.Latent];
        return new(
            "sampler_begin",
            [new("windows", ElementType.Int64, [-1], "The window of each row [R]."), .. brought],
            [latent with { Name = "x" }, .. brought.Select(port => port with { Name = $"{port.Name}_there" })],
            _ => inputs =>
                [Rows(Part(inputs[1], (int)StepTerm.Latent), inputs[0], latent, length), .. inputs.Skip(1)]);
    }

    /// <summary>What is kept, brought back.</summary>
    public static NetworkDefinition End(int length)
    {
        Port kept = new("kept", ElementType.Float32, [SamplerStep.Kept, -1, length], "What is kept between steps [4, W, N].");
        return new("sampler_end", [kept], [kept with { Name = "kept_here" }], _ => inputs => inputs);
    }

    /// <summary>The latents [1, W, N] of the windows that rows belong to, [R, ...].</summary>
    static Tensor Rows(Tensor latents, Tensor windows, Port latent, int length) =>
        latents.Reshape(-1, length).Gather(windows).Reshape([-1, .. latent.Shape.Skip(1)]);

    static Tensor Part(Tensor tensor, int index) => tensor.Slice(0, index, index + 1);

    /// <summary>Standard deviation over the last axis.</summary>
    static Tensor Deviation(Tensor tensor)
    {
        var centred = tensor - tensor.Mean(-1);
        return (centred * centred).Mean(-1).Sqrt() + LeastDeviation;
    }
}
