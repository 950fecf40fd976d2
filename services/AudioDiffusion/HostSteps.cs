using Rewas.Clip;
using Rewas.Networks.Onnx;

namespace Rewas.AudioDiffusion;

/// <summary>Steps whose arithmetic is done here. The denoiser is bound to preallocated buffers.</summary>
/// <param name="denoiser">The part that runs at every step: latents, times, film and features to predictions.</param>
sealed class HostSteps(OnnxNetwork denoiser, int maxRows, int latentLength) : IStepRunner
{
    /// <summary>Number of inputs that change at every step: latent and time.</summary>
    const int ChangingInputs = 2;

    readonly OnnxCall?[] calls = new OnnxCall?[maxRows + 1];                 // by number of rows
    readonly float[] x = new float[maxRows * latentLength], t = new float[maxRows], predicted = new float[maxRows * latentLength];
    readonly float[] film = new float[maxRows * StepPorts.RowLength(denoiser, StepPorts.Film)];
    readonly float[] features = new float[maxRows * StepPorts.RowLength(denoiser, StepPorts.Features)];
    readonly List<Condition[]> conditioned = [];                             // current content of the buffers, and the call of it
    OnnxCall? conditionedCall;

    public void Step(IReadOnlyList<SamplingWork> windows, CancellationToken cancellation)
    {
        var rows = 0;
        for (var i = 0; i < windows.Count; i++)
        {
            var sampler = windows[i].Sampler;
            sampler.WriteLatent(x.AsSpan(rows * latentLength), t.AsSpan(rows));
            rows += sampler.Rows;
        }
        var call = calls[rows] ??= Bind(rows);
        var isConditioned = IsConditioned(windows, call);
        if (!isConditioned)
            WriteConditions(windows, call);
        call.Run(isConditioned ? ChangingInputs : denoiser.Definition.Inputs.Count, cancellation);
        rows = 0;
        for (var i = 0; i < windows.Count; i++)
        {
            var count = windows[i].Sampler.Rows;
            windows[i].Sampler.Accept(predicted.AsSpan(rows * latentLength, count * latentLength));
            rows += count;
        }
    }

    public void Dispose()
    {
        foreach (var call in calls)
            call?.Dispose();
    }

    /// <summary>Whether the previous call had the same rows. Film and features are most of a call's input and then stay in place.</summary>
    bool IsConditioned(IReadOnlyList<SamplingWork> windows, OnnxCall call)
    {
        if (call != conditionedCall || windows.Count != conditioned.Count)
            return false;
        for (var i = 0; i < windows.Count; i++)
            if (windows[i].Sampler.Conditions != conditioned[i])
                return false;
        return true;
    }

    void WriteConditions(IReadOnlyList<SamplingWork> windows, OnnxCall call)
    {
        conditioned.Clear();
        conditionedCall = call;
        var rows = 0;
        for (var i = 0; i < windows.Count; i++)
        {
            var sampler = windows[i].Sampler;
            sampler.WriteConditions(
                film.AsSpan(rows * (film.Length / maxRows)), features.AsSpan(rows * (features.Length / maxRows)));
            rows += sampler.Rows;
            conditioned.Add(sampler.Conditions);
        }
    }

    OnnxCall Bind(int rows) => denoiser.Bind(
        [
            Rows(x, StepPorts.Latent, rows), Rows(t, StepPorts.Time, rows),
            Rows(film, StepPorts.Film, rows), Rows(features, StepPorts.Features, rows),
        ],
        [HostTensor.Of(predicted.AsMemory(0, rows * latentLength), StepPorts.Shape(denoiser.Definition.Outputs[0], rows))]);

    HostTensor Rows(float[] buffer, int input, int rows) => HostTensor.Of(
        buffer.AsMemory(0, rows * (buffer.Length / maxRows)), StepPorts.Shape(denoiser.Definition.Inputs[input], rows));
}
