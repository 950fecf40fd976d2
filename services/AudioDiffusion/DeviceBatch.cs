using Rewas.AudioDiffusion.Samplers;
using Rewas.Clip;
using Rewas.Networks.Onnx;

namespace Rewas.AudioDiffusion;

/// <summary>Windows whose latents are on the device. Their samplers on the host have the state of when they began.</summary>
sealed class DeviceBatch : IDisposable
{
    readonly WindowSampler[] windows;
    readonly int[] begun;                                                    // steps done when they began
    readonly Condition[][] conditions;
    readonly DeviceRows rows;
    readonly DeviceArithmetic arithmetic;
    readonly int length;
    readonly DeviceTensor[] kept;                                            // before and after a step, in turn
    readonly DeviceTensor known, share;
    readonly OnnxCall[] advance;                                             // from the first kept to the second, and back
    readonly float[] weights, guidance, levels, times, noise;
    readonly long[] full, windowOfRow;
    readonly bool isStochastic;
    int turn;

    public DeviceBatch(WindowSampler[] windows, DeviceRows rows, DeviceArithmetic arithmetic, int length)
    {
        (this.windows, this.rows, this.arithmetic, this.length) = (windows, rows, arithmetic, length);
        begun = [.. windows.Select(window => window.StepsDone)];
        conditions = [.. windows.Select(window => window.Conditions)];
        isStochastic = windows.Any(window => window.IsStochastic);
        var count = windows.Length;
        weights = new float[SamplerStep.Kept * StepSum.Terms * count];
        (guidance, levels) = (new float[count * rows.Count], new float[StepArithmetic.Levels * count]);
        (times, noise) = (new float[rows.Count], new float[count * length]);
        (full, windowOfRow) = (new long[count], new long[rows.Count]);
        for (var (window, row) = (0, 0); window < count; row += windows[window++].Rows)
        {
            windowOfRow.AsSpan(row, windows[window].Rows).Fill(window);
            full[window] = row + windows[window].Rows - 1;
        }

        kept = [Allocate(SamplerStep.Kept), Allocate(SamplerStep.Kept)];
        (known, share) = (Allocate(1), Allocate(1));
        advance = [Advance(kept[0], kept[1]), Advance(kept[1], kept[0])];

        DeviceTensor Allocate(int first) => arithmetic.Advance.Allocate(ElementType.Float32, first, count, length);
    }

    /// <summary>Whether these are the windows, with the rows that their next call wants.</summary>
    public bool Holds(IReadOnlyList<SamplingWork> works)
    {
        if (works.Count != windows.Length)
            return false;
        for (var i = 0; i < windows.Length; i++)
            if (works[i].Sampler != windows[i] || windows[i].Conditions != conditions[i])
                return false;
        return true;
    }

    /// <summary>Brings latents and conditions to the device.</summary>
    public void Begin(CancellationToken cancellation)
    {
        var inputs = arithmetic.Begin.Definition.Inputs;
        var (state, fixedValues, shares) = (new float[SamplerStep.Kept * noise.Length], new float[noise.Length], new float[noise.Length]);
        var (film, features) = (new float[Length(StepPorts.Film)], new float[Length(StepPorts.Features)]);
        for (var (window, row) = (0, 0); window < windows.Length; row += windows[window++].Rows)
        {
            var sampler = windows[window];
            for (var term = 0; term < SamplerStep.Kept; term++)
                sampler.Kept((StepTerm)term).CopyTo(state.AsSpan((term * windows.Length + window) * length));
            sampler.Context?.Known.CopyTo(fixedValues.AsSpan(window * length));
            sampler.Context?.Share.CopyTo(shares.AsSpan(window * length));
            sampler.WriteConditions(film.AsSpan(row * (film.Length / rows.Count)), features.AsSpan(row * (features.Length / rows.Count)));
            times.AsSpan(row, sampler.Rows).Fill(sampler.Time);
        }
        using var call = arithmetic.Begin.Bind(
            [
                HostTensor.Of(windowOfRow, rows.Count), Kept(state), Values(fixedValues), Values(shares), HostTensor.Of(times, rows.Count),
                HostTensor.Of(film, [.. rows.Inputs[StepPorts.Film].Shape]),
                HostTensor.Of(features, [.. rows.Inputs[StepPorts.Features].Shape]),
            ],
            [
                rows.Inputs[StepPorts.Latent], kept[turn], known, share,
                rows.Inputs[StepPorts.Time], rows.Inputs[StepPorts.Film], rows.Inputs[StepPorts.Features],
            ]);
        call.Run(cancellation);

        int Length(int input) => (int)rows.Inputs[input].Shape.Aggregate(1L, (count, size) => count * size);
    }

    /// <summary>Takes one step.</summary>
    /// <returns>Whether the next step can be taken too. If not, the latents must be brought back.</returns>
    public bool Step(CancellationToken cancellation)
    {
        Describe();
        rows.Denoise(cancellation);
        var noisy = isStochastic ? 1 : 0;
        advance[turn].Run(StepArithmetic.ChangingInputs + noisy, cancellation);
        turn = 1 - turn;
        var keeps = true;
        for (var i = 0; i < windows.Length; i++)
        {
            windows[i].StepElsewhere();
            keeps &= !windows[i].IsDone && windows[i].Conditions == conditions[i];
        }
        return keeps;
    }

    /// <summary>Gives the samplers on the host their latents.</summary>
    public void BringBack(CancellationToken cancellation)
    {
        var state = new float[SamplerStep.Kept * noise.Length];
        using var call = arithmetic.End.Bind([kept[turn]], [Kept(state)]);
        call.Run(cancellation);
        for (var window = 0; window < windows.Length; window++)
        {
            for (var term = 0; term < SamplerStep.Kept; term++)
                state.AsSpan((term * windows.Length + window) * length, length).CopyTo(windows[window].Kept((StepTerm)term));
            windows[window].EndIfDone();
        }
    }

    /// <summary>
    /// Sets the samplers back to when they began, because their latents cannot be brought back. They have the state of then, so the same
    /// steps give the same latents.
    /// </summary>
    public void SetBack()
    {
        for (var window = 0; window < windows.Length; window++)
            windows[window].SetBack(begun[window]);
    }

    public void Dispose()
    {
        foreach (var call in advance)
            call.Dispose();
        foreach (var tensor in (DeviceTensor[])[.. kept, known, share])
            tensor.Dispose();
    }

    /// <summary>Writes the numbers of each window's step.</summary>
    void Describe()
    {
        for (var (window, row) = (0, 0); window < windows.Length; row += windows[window++].Rows)
        {
            var sampler = windows[window];
            var step = sampler.NextStep;
            for (var sum = 0; sum < SamplerStep.Kept; sum++)
                for (var term = 0; term < StepSum.Terms; term++)
                    weights[(sum * StepSum.Terms + term) * windows.Length + window] = (float)step[(StepTerm)sum][(StepTerm)term];
            sampler.WriteGuidance(guidance.AsSpan(window * rows.Count + row, sampler.Rows));
            sampler.WriteLevel(levels.AsSpan(window), stride: windows.Length);
            times.AsSpan(row, sampler.Rows).Fill(sampler.TimeAfter);
            if (sampler.IsStochastic)
                sampler.FillNoise(noise.AsSpan(window * length, length));
        }
    }

    OnnxCall Advance(DeviceTensor from, DeviceTensor to) => arithmetic.Advance.Bind(
        [
            HostTensor.Of(weights, SamplerStep.Kept * StepSum.Terms, windows.Length, 1),
            HostTensor.Of(guidance, 1, windows.Length, rows.Count, 1),
            HostTensor.Of(levels, StepArithmetic.Levels, windows.Length, 1),
            HostTensor.Of(full, 1, windows.Length), HostTensor.Of(windowOfRow, rows.Count), HostTensor.Of(times, rows.Count),
            Values(noise), from, known, share, rows.Predicted,
        ],
        [to, rows.Inputs[StepPorts.Latent], rows.Inputs[StepPorts.Time]]);

    HostTensor Kept(float[] values) => HostTensor.Of(values, SamplerStep.Kept, windows.Length, length);

    HostTensor Values(float[] values) => HostTensor.Of(values, 1, windows.Length, length);
}
