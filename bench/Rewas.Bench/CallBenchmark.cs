using System.Diagnostics;
using System.Globalization;
using System.Numerics.Tensors;
using Rewas.Checkpoints;
using Rewas.Networks;
using Rewas.Networks.Onnx;
using Rewas.Networks.Torch;
using Tensor = Rewas.Networks.Tensor;
using torch = TorchSharp.torch;

namespace Rewas.Bench;

/// <summary>
/// One call of the whole denoiser with its adapter, by both backends on the same weights, in turn in one process: what else the machine does then
/// hits both. Reported are medians, the median of the ratios of neighbouring calls, and how far the first row's result is from that of the same row in a call
/// of one row and of two, in standard deviations.
/// </summary>
static class CallBenchmark
{
    const int Calls = 31;

    public static IEnumerable<string> Run(Bundle bundle, int threads)
    {
        yield return $"Denoiser call, f32, {threads} thread(s), {Calls} calls each:";
        yield return "";
        yield return "| rows | ONNX Runtime, ms | libtorch, ms | ratio | row differs from alone | from a call of two |";
        yield return "|---|---|---|---|---|---|";
        torch.set_num_threads(threads);
        using var ours = OnnxNetwork.Load(bundle, "denoiser", new() { Threads = threads });
        using var noGradients = torch.no_grad();
        using var weightsFile = bundle.Weights("denoiser");
        var prefix = bundle.Network("denoiser").Prefix;
        var weights = TorchWeights.From(weightsFile.Tensors.Keys.Select(name =>
            KeyValuePair.Create(name, HostTensor.Of(weightsFile.ReadFloats(name), weightsFile.Tensors[name].Shape))));
        var theirs = ours.Definition.Build(new Scope(weights, prefix));
        var firstRows = new List<float[]>();
        foreach (var rows in (int[])[1, 2, 4, 8, 16])
        {
            HostTensor[] inputs = [.. ours.Definition.Inputs.Select((port, i) => Noise(port.Shape, rows, new Random(i)))];
            using var scope = torch.NewDisposeScope();
            Tensor[] torchInputs = [.. inputs.Select(input => weights.Wrap(torch.tensor(input.Floats.ToArray(), input.Shape)))];
            var predicted = new float[inputs[0].Floats.Length];
            using var bound = ours.Bind(inputs, [HostTensor.Of(predicted, inputs[0].Shape)]);
            var (onnx, libtorch) = (new double[Calls], new double[Calls]);
            for (var call = -3; call < Calls; call++)
            {
                var one = Time(() => bound.Run());
                var other = Time(() =>
                {
                    using var step = torch.NewDisposeScope();
                    theirs(torchInputs);
                });
                if (call >= 0)
                    (onnx[call], libtorch[call]) = (one, other);
            }
            firstRows.Add(predicted[..(predicted.Length / rows)]);
            yield return string.Create(CultureInfo.InvariantCulture,
                $"| {rows} | {Median(onnx):F1} | {Median(libtorch):F1} | {Median([.. onnx.Zip(libtorch, (a, b) => a / b)]):F2} "
                + $"| {Difference(firstRows[0], firstRows[^1]):E1} | {Difference(firstRows[Math.Min(1, firstRows.Count - 1)], firstRows[^1]):E1} |");
        }
    }

    static HostTensor Noise(long[] shape, int rows, Random random)
    {
        long[] sized = [rows, .. shape.Skip(1)];
        var values = new float[sized.Aggregate(1L, (count, size) => count * size)];
        for (var i = 0; i < values.Length; i++)
            values[i] = random.NextSingle() - 0.5f;
        return HostTensor.Of(values, sized);
    }

    static double Time(Action call)
    {
        var start = Stopwatch.GetTimestamp();
        call();
        return Stopwatch.GetElapsedTime(start).TotalMilliseconds;
    }

    static double Difference(float[] one, float[] other) => one.Zip(other, (a, b) => Math.Abs(a - b)).Max() / TensorPrimitives.StdDev<float>(one);

    static double Median(double[] values) => values.Order().ElementAt(values.Length / 2);
}
