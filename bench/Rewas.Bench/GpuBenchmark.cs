using System.CommandLine;
using System.Diagnostics;
using System.Globalization;
using System.Numerics.Tensors;
using Rewas.AudioDiffusion;
using Rewas.AudioDiffusion.Samplers;
using Rewas.Bundles;
using Rewas.Clip;
using Rewas.Clip.Names;
using Rewas.Networks.Onnx;
using Rewas.Trainer.Torch;
using Tensor = Rewas.Networks.Tensor;
using torch = TorchSharp.torch;

namespace Rewas.Bench;

/// <summary>
/// Times one call of each large network on an accelerator, in float32 and in float16, beside libtorch on the same device if this build's
/// libtorch has it. Also says how far float16 is from float32, and times whole sampling, where latents stay on the device. On "cpu" it
/// shows that the command works, and what the rounding costs.
/// </summary>
static class GpuBenchmark
{
    const int WarmCalls = 3, SamplingSteps = 20;

    static readonly (string Network, int[] Rows)[] Subjects = [("video_encoder", [1, 14]), ("denoiser", [2, 8]), ("vocoder", [1])];

    public static readonly Option<string> Accelerator = new("--accelerator")
    {
        Description = "cuda or tensorrt, or cpu to try the command",
        DefaultValueFactory = _ => "cuda",
    };

    public static readonly Option<int> Device = new("--device") { Description = "index of the device" };

    public static IEnumerable<string> Run(Bundle bundle, string accelerator, int device, int calls)
    {
        yield return $"One call on {accelerator} {device}; {calls} calls of each:";
        yield return "";
        yield return "| network | rows | f32, ms | f16, ms | f16 / f32 | libtorch f32, ms | f16 / libtorch | f16 differs, largest | RMS |";
        yield return "|---|---|---|---|---|---|---|---|---|";
        var libtorch = accelerator == "cpu" ? torch.CPU : torch.cuda.is_available() ? torch.device("cuda", device) : null;
        using var noGradients = torch.no_grad();
        foreach (var (network, rowCounts) in Subjects)
        {
            using var subject = CallSubject.Of(bundle, network);
            foreach (var rows in rowCounts)
            {
                HostTensor[] inputs = [.. subject.Definition.Inputs.Select((port, i) => CallSubject.Noise(port, rows, i))];
                var (f32, exact) = Measure(subject, accelerator, device, PrecisionNames.Float32, inputs, calls);
                var (f16, half) = Measure(subject, accelerator, device, PrecisionNames.Float16, inputs, calls);
                var theirs = libtorch is null ? double.NaN : MeasureTorch(subject, libtorch, inputs, calls);
                var deviation = TensorPrimitives.StdDev<float>(exact);
                var largest = exact.Zip(half, (a, b) => Math.Abs(a - b)).Max() / deviation;
                var rms = TensorPrimitives.Distance<float>(exact, half) / Math.Sqrt(exact.Length) / deviation;
                yield return string.Create(
                    CultureInfo.InvariantCulture,
                    $"| {network} | {rows} | {f32:F2} | {f16:F2} | {f16 / f32:F2} | {theirs:F2} | {f16 / theirs:F2} | {largest:E1} "
                    + $"| {rms:E1} |");
            }
        }
        yield return "";
        yield return "Differences are in standard deviations of the float32 result. NaN: libtorch of this build has no such device.";
        yield return "";
        yield return $"{SamplingSteps} steps of UniPC for one guided window:";
        yield return "";
        yield return "| precision | CUDA graphs | latents stay on the device | ms |";
        yield return "|---|---|---|---|";
        foreach (var precision in (string[])[PrecisionNames.Float32, PrecisionNames.Float16])
            foreach (var captured in accelerator == "cuda" ? [false, true] : (bool[])[false])
            {
                var options = new OnnxOptions { Accelerator = accelerator, Device = device, CaptureGraphs = captured };
                var time = MeasureSampling(bundle, options, precision, calls);
                yield return string.Create(
                    CultureInfo.InvariantCulture,
                    $"| {precision} | {(captured ? "yes" : "no")} | {(accelerator == OnnxOptions.Cpu ? "no" : "yes")} | {time:F1} |");
            }
    }

    static double MeasureSampling(Bundle bundle, OnnxOptions options, string precision, int calls)
    {
        using var denoiser = new Denoiser(bundle, options, maxRows: 2, precision);
        var queue = new DiffusionQueue(capacity: 1, TimeSpan.Zero);
        using var subject = CallSubject.Of(bundle, Denoiser.Network);
        using var place = queue.TryAdmit()!;
        float[][] noise = [.. subject.Definition.Inputs.Select((port, i) => CallSubject.Noise(port, rows: 1, i).Floats.ToArray())];
        var descriptors = noise.Length > 4 ? noise[4] : [];
        var condition = new Condition(
            denoiser.Film(noise[2], CancellationToken.None), denoiser.Features(noise[3], descriptors, CancellationToken.None));
        var levels = new NoiseLevels(bundle.Manifest.Sampler, SamplerNames.LogSnr, SamplingSteps);
        var request = new SamplingRequest(0, SamplerNames.UniPc, Eta: 0, levels, new Guidance(3, 3));
        return Median(calls, () =>
        {
            var window = new WindowSampler(request, new(condition, condition, condition), denoiser.LatentLength, window: 0);
            var work = new SamplingWork(window, place, null, null, CancellationToken.None);
            while (!window.IsDone)
                denoiser.Step([work], CancellationToken.None);
        });
    }

    static (double Milliseconds, float[] Result) Measure(
        CallSubject subject, string accelerator, int device, string precision, HostTensor[] inputs, int calls)
    {
        using var network = subject.LoadOnnx(new() { Accelerator = accelerator, Device = device }, precision);
        var shape = network.Run(inputs)[0].Shape;
        var result = new float[shape.Aggregate(1L, (count, size) => count * size)];
        using var call = network.Bind([.. inputs], [HostTensor.Of(result, shape)]);
        return (Median(calls, () => call.Run(changedInputs: 1, CancellationToken.None)), result);
    }

    static double MeasureTorch(CallSubject subject, torch.Device device, HostTensor[] inputs, int calls)
    {
        var (weights, run) = subject.LoadTorch(device);
        using var scope = torch.NewDisposeScope();
        Tensor[] values = [.. inputs.Select(input => weights.Wrap(torch.tensor(input.Floats.ToArray(), input.Shape).to(device)))];
        return Median(calls, () =>
        {
            using var step = torch.NewDisposeScope();
            _ = ((TorchTensor)run(values)[0]).Value.cpu();                   // waits for the device
        });
    }

    static double Median(int calls, Action call)
    {
        var times = new List<double>();
        for (var i = -WarmCalls; i < calls; i++)
        {
            var start = Stopwatch.GetTimestamp();
            call();
            if (i >= 0)
                times.Add(Stopwatch.GetElapsedTime(start).TotalMilliseconds);
        }
        return times.Order().ElementAt(calls / 2);
    }
}
