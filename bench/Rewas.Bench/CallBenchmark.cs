using System.Diagnostics;
using System.Globalization;
using System.Numerics.Tensors;
using Rewas.Clip;
using Rewas.Clip.Names;
using Rewas.Networks;
using Rewas.Networks.Onnx;
using Rewas.Trainer.Torch;
using Tensor = Rewas.Networks.Tensor;
using torch = TorchSharp.torch;

namespace Rewas.Bench;

/// <summary>
/// Times one call of a network: ONNX Runtime in float32 and in int8, and libtorch, on the same weights. They run in turn in one process, so
/// other load on the machine hits all of them. Reports medians, and medians of the ratios of neighbouring calls. Beside them stands the
/// time that the call's multiply-adds take as one plain float32 product of ONNX Runtime.
/// </summary>
static class CallBenchmark
{
    const int WarmCalls = 2, PublishedSteps = 200, OurSteps = 20;

    public static IEnumerable<string> Run(CallSubject subject, int[] threadCounts, int[] rowCounts, int calls)
    {
        yield return $"One call, {subject.Name}; {calls} calls of each, in turn:";
        yield return "";
        yield return "| threads | rows | f32, ms | int8, ms | libtorch, ms | f32 / libtorch | int8 / libtorch | int8 differs from f32 | "
            + "f32 row differs from alone | int8 row | plain product, ms |";
        yield return "|---|---|---|---|---|---|---|---|---|---|---|";
        using var noGradients = torch.no_grad();
        var (weights, theirs) = subject.LoadTorch();
        foreach (var threads in threadCounts)
        {
            torch.set_num_threads(threads);
            var oneRow = rowCounts is [1];
            using var f32 = subject.LoadOnnx(new() { Threads = threads }, PrecisionNames.Float32, oneRow);
            using var int8 = subject.LoadOnnx(new() { Threads = threads }, PrecisionNames.Int8, oneRow);
            using var plain = new PlainProduct(threads);
            // frees the gigabytes that loading at the published size leaves behind
            GC.Collect(GC.MaxGeneration, GCCollectionMode.Aggressive, blocking: true, compacting: true);
            var alone = new Dictionary<string, float[]>();
            var medians = new Dictionary<int, Row>();
            foreach (var rows in rowCounts)
            {
                var row = medians[rows] = Measure(subject.Definition, f32, int8, weights, theirs, plain, rows, calls);
                alone.TryAdd(PrecisionNames.Float32, row.First(row.F32Result, rows));
                alone.TryAdd(PrecisionNames.Int8, row.First(row.Int8Result, rows));
                yield return string.Create(CultureInfo.InvariantCulture,
                    $"| {threads} | {rows} | {row.F32:F1} | {row.Int8:F1} | {row.Libtorch:F1} | {row.F32Ratio:F2} | {row.Int8Ratio:F2} "
                    + $"| {RelativeError(row.F32Result, row.Int8Result):P1} "
                    + $"| {Difference(alone[PrecisionNames.Float32], row.First(row.F32Result, rows)):E1} | "
                    + $"{Difference(alone[PrecisionNames.Int8], row.First(row.Int8Result, rows)):E1} "
                    + $"| {subject.MultiplyAdds(rows) / row.PlainPerSecond * 1000:F1} |");
            }
            if (subject.IsDenoiser && medians.TryGetValue(1, out var single) && medians.TryGetValue(2, out var pair))
                foreach (var line in WholeClip(threads, calls, single, pair))
                    yield return line;
        }
        yield return "";
        yield return "`int8 differs from f32`: root mean square of the difference, in standard deviations. `row differs from alone`: "
            + "the first row's largest difference to that row in the smallest call, in standard deviations. `plain product`: the call's "
            + "multiply-adds at the speed of one float32 product in the same minutes; int8 takes a quarter of that at best.";
    }

    static IEnumerable<string> WholeClip(int threads, int calls, Row single, Row pair)
    {
        var published = 2 * PublishedSteps * single.Libtorch / 1000;
        string Ours(double milliseconds) => string.Create(
            CultureInfo.InvariantCulture,
            $"{OurSteps * milliseconds / 1000:F1} s, {published / (OurSteps * milliseconds / 1000):F0} times less");
        yield return "";
        yield return string.Create(CultureInfo.InvariantCulture,
            $"A whole clip with {threads} thread(s), extrapolated from {calls} calls of each: {PublishedSteps} steps of two separate "
            + $"libtorch calls {published:F1} s; {OurSteps} steps of one call of two rows: f32 {Ours(pair.F32)}; int8 {Ours(pair.Int8)}.");
        yield return "";
    }

    static Row Measure(
        NetworkDefinition definition,
        OnnxNetwork f32,
        OnnxNetwork int8,
        TorchWeights weights,
        Func<IReadOnlyList<Tensor>, IReadOnlyList<Tensor>> theirs,
        PlainProduct plain,
        int rows,
        int calls)
    {
        HostTensor[] inputs = [.. definition.Inputs.Select((port, i) => CallSubject.Noise(port, rows, i))];
        using var scope = torch.NewDisposeScope();
        Tensor[] torchInputs = [.. inputs.Select(input => weights.Wrap(torch.tensor(input.Floats.ToArray(), input.Shape)))];
        var shape = f32.Run(inputs)[0].Shape;
        var length = shape.Aggregate(1L, (count, size) => count * size);
        var (inF32, inInt8) = (new float[length], new float[length]);
        using var first = f32.Bind([.. inputs], [HostTensor.Of(inF32, shape)]);
        using var second = int8.Bind([.. inputs], [HostTensor.Of(inInt8, shape)]);
        var (one, other, libtorch, product) = (new double[calls], new double[calls], new double[calls], new double[calls]);
        for (var call = -WarmCalls; call < calls; call++)
        {
            var times = (Time(() => first.Run()), Time(() => second.Run()), Time(() =>
            {
                using var step = torch.NewDisposeScope();
                theirs(torchInputs);
            }), Time(plain.Run));
            if (call >= 0)
                (one[call], other[call], libtorch[call], product[call]) = times;
        }
        return new(
            Median(one),
            Median(other),
            Median(libtorch),
            Median([.. one.Zip(libtorch, (a, b) => a / b)]),
            Median([.. other.Zip(libtorch, (a, b) => a / b)]),
            PlainProduct.MultiplyAdds / Median(product) * 1000,
            inF32,
            inInt8);
    }

    static double Time(Action call)
    {
        var start = Stopwatch.GetTimestamp();
        call();
        return Stopwatch.GetElapsedTime(start).TotalMilliseconds;
    }

    static double Difference(float[] one, float[] other) =>
        one.Zip(other, (a, b) => Math.Abs(a - b)).Max() / TensorPrimitives.StdDev<float>(one);

    static double RelativeError(float[] exact, float[] rounded) =>
        TensorPrimitives.Distance<float>(exact, rounded) / Math.Sqrt(exact.Length) / TensorPrimitives.StdDev<float>(exact);

    static double Median(double[] values) => values.Order().ElementAt(values.Length / 2);

    /// <summary>Times in milliseconds, ratios, and the outputs.</summary>
    sealed record Row(
        double F32,
        double Int8,
        double Libtorch,
        double F32Ratio,
        double Int8Ratio,
        double PlainPerSecond,
        float[] F32Result,
        float[] Int8Result)
    {
        public float[] First(float[] result, int rows) => result[..(result.Length / rows)];
    }
}
