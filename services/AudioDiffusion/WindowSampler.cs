using System.Numerics.Tensors;
using Rewas.AudioDiffusion.Samplers;

namespace Rewas.AudioDiffusion;

/// <summary>The condition of one row of a denoiser call.</summary>
/// <param name="Text">The text embedding, or features precomputed from it.</param>
/// <param name="Hint">The control latent, or features precomputed from it.</param>
public sealed record Condition(ReadOnlyMemory<float> Text, ReadOnlyMemory<float> Hint);

/// <summary>The conditions of a window's rows.</summary>
/// <param name="Nothing">The empty text or the negative prompt, with a zero control latent.</param>
/// <param name="Energy">The same text with the window's energy.</param>
/// <param name="Everything">The prompt with the window's energy.</param>
public sealed record WindowConditions(Condition Nothing, Condition Energy, Condition Everything)
{
    /// <summary>Latent under the first noise, for levels that start from the control latent; or empty.</summary>
    public ReadOnlyMemory<float> Start { get; init; }
}

/// <summary>
/// The state of one window between noise and latent. The caller runs the denoiser and decides how many windows share a call:
/// <see cref="WriteLatent"/> and <see cref="WriteConditions"/> give the rows of the next call, and <see cref="Accept"/> takes their result.
/// </summary>
public sealed class WindowSampler
{
    readonly SamplingRequest request;
    readonly SamplerStep[] steps;
    readonly bool isStochastic;
    readonly LatentNoise noise;
    readonly int window;
    readonly LatentPlace? place;
    readonly FixedContext? context;
    readonly (GuidanceRow Row, double Weight)[] guidedRows;
    readonly Condition[] guided, plain;
    readonly LatentState state;

    /// <param name="request">Noise levels, sampler, guidance and seed.</param>
    /// <param name="latentLength">Number of values of a latent.</param>
    /// <param name="window">Index from 0.</param>
    /// <param name="candidate">Index from 0.</param>
    /// <param name="start">Latent to start from. Null: noise of step 0.</param>
    /// <param name="place">Position of the latent. Null: that of windows without overlap.</param>
    /// <param name="context">Fixed frames, or null.</param>
    public WindowSampler(
        SamplingRequest request, WindowConditions conditions, int latentLength, int window, int candidate = 0, float[]? start = null,
        LatentPlace? place = null, FixedContext? context = null)
    {
        (this.request, this.window, this.place, this.context) = (request, window, place, context);
        var sampler = request.NewSampler();
        (steps, isStochastic) = ([.. Enumerable.Range(0, request.Levels.Steps).Select(sampler.At)], sampler.IsStochastic);
        noise = new LatentNoise(request.Seed, candidate);
        guidedRows = request.Guidance.Rows();
        guided = [.. guidedRows.Select(row => row.Row switch
        {
            GuidanceRow.Nothing => conditions.Nothing,
            GuidanceRow.Energy => conditions.Energy,
            _ => conditions.Everything,
        })];
        plain = [conditions.Everything];
        state = new(latentLength);
        if (start is null)
            StartFromNoise(conditions.Start.Span);
        else
            start.CopyTo(state[StepTerm.Latent], 0);
    }

    /// <summary>Rows of the next denoiser call: 1 without guidance, otherwise 2, or 3 with different scales for text and energy.</summary>
    public int Rows => Conditions.Length;

    public int Steps => request.Levels.Steps;

    /// <summary>Steps done.</summary>
    public int StepsDone { get; private set; }

    public bool IsDone => StepsDone == Steps;

    /// <summary>The current latent; the result once <see cref="IsDone"/>.</summary>
    public ReadOnlySpan<float> Latent => state[StepTerm.Latent];

    /// <summary>Conditions of the next call's rows. The same array is returned until they change.</summary>
    internal Condition[] Conditions => IsGuided ? guided : plain;

    /// <summary>Fixed frames, or null.</summary>
    internal FixedContext? Context => context;

    internal bool IsStochastic => isStochastic;

    /// <summary>Training step of the next call.</summary>
    internal float Time => (float)request.Levels.Times[StepsDone];

    /// <summary>Training step of the call after the next; that of the next if there is none after it.</summary>
    internal float TimeAfter => (float)request.Levels.Times[Math.Min(StepsDone + 1, Steps - 1)];

    internal SamplerStep NextStep => steps[StepsDone];

    /// <summary>Writes the inputs that change with each call.</summary>
    /// <param name="x">Latents, [rows, latent].</param>
    /// <param name="t">Training steps, [rows].</param>
    public void WriteLatent(Span<float> x, Span<float> t)
    {
        for (var row = 0; row < Rows; row++)
        {
            Latent.CopyTo(x[(row * Latent.Length)..]);
            t[row] = Time;
        }
    }

    /// <summary>Writes the conditions of the rows.</summary>
    /// <param name="text">[rows, text].</param>
    /// <param name="hint">[rows, hint].</param>
    public void WriteConditions(Span<float> text, Span<float> hint)
    {
        var conditions = Conditions;
        for (var row = 0; row < conditions.Length; row++)
        {
            var condition = conditions[row];
            condition.Text.Span.CopyTo(text[(row * condition.Text.Length)..]);
            condition.Hint.Span.CopyTo(hint[(row * condition.Hint.Length)..]);
        }
    }

    /// <summary>Takes one step with the denoiser's prediction.</summary>
    /// <param name="predicted">[rows, latent].</param>
    public void Accept(ReadOnlySpan<float> predicted)
    {
        float[] latent = state[StepTerm.Latent], epsilon = state[StepTerm.Epsilon];
        if (IsGuided)
            request.Guidance.Combine(guidedRows, predicted, epsilon);
        else
            predicted.CopyTo(epsilon);
        request.Levels.Epsilon(StepsDone, latent, epsilon, epsilon);
        context?.Correct(request.Levels, StepsDone, latent, epsilon);
        request.Levels.Clean(StepsDone, latent, epsilon, state[StepTerm.Clean]);
        if (isStochastic)
            FillNoise(state[StepTerm.Noise]);
        state.Advance(steps[StepsDone++]);
        EndIfDone();
    }

    /// <summary>A latent that steps keep, [latent].</summary>
    internal Span<float> Kept(StepTerm term) => state[term];

    /// <summary>Writes the weight of each row in the guided prediction, [rows].</summary>
    internal void WriteGuidance(Span<float> rows)
    {
        for (var row = 0; row < rows.Length; row++)
            rows[row] = IsGuided ? (float)guidedRows[row].Weight : 1;
    }

    /// <summary>
    /// Writes signal and noise of the level, the weights of latent and prediction in the noise, and the share of rescaling.
    /// </summary>
    /// <param name="numbers">Every <paramref name="stride"/>-th is written.</param>
    internal void WriteLevel(Span<float> numbers, int stride)
    {
        var (ofLatent, ofPrediction) = request.Levels.EpsilonWeights(StepsDone);
        var rescale = IsGuided ? request.Guidance.Rescale : 0;
        ReadOnlySpan<double> level = [request.Levels.Signal[StepsDone], request.Levels.Noise[StepsDone], ofLatent, ofPrediction, rescale];
        for (var i = 0; i < level.Length; i++)
            numbers[i * stride] = (float)level[i];
    }

    /// <summary>Writes the noise of the next step, [latent].</summary>
    internal void FillNoise(Span<float> values) => FillNoise(StepsDone + 1, values);

    /// <summary>Counts a step that was taken elsewhere. What is kept is brought back later.</summary>
    internal void StepElsewhere() => StepsDone++;

    /// <summary>Forgets steps that were taken elsewhere and are not brought back.</summary>
    internal void SetBack(int stepsDone) => StepsDone = stepsDone;

    /// <summary>Finishes the latent after the last step.</summary>
    internal void EndIfDone()
    {
        if (IsDone)
            context?.End(state[StepTerm.Latent]);
    }

    void StartFromNoise(ReadOnlySpan<float> shining)
    {
        float[] latent = state[StepTerm.Latent], levelNoise = state[StepTerm.Noise];
        FillNoise(step: 0, levelNoise);
        levelNoise.CopyTo(latent, 0);
        if (request.Levels.StartsFromControl)
        {
            TensorPrimitives.Multiply(latent, (float)request.Levels.Noise[0], latent);
            if (!shining.IsEmpty)
                TensorPrimitives.MultiplyAdd(shining, (float)request.Levels.Signal[0], latent, latent);
        }
        context?.Start(request.Levels, levelNoise, latent);
    }

    void FillNoise(int step, Span<float> values)
    {
        if (place is { } elsewhere)
            noise.Fill(elsewhere, step, values);
        else
            noise.Fill(window, step, values);
    }

    bool IsGuided => !IsDone && guidedRows.Length > 1
        && request.Guidance.AppliesAt(request.Levels.Times[StepsDone] / request.Levels.TrainingSteps);
}
