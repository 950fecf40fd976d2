using System.CommandLine;
using Rewas.Bench;
using Rewas.Bench.Faces;
using Rewas.Bench.Faults;
using Rewas.Bench.Published;
using Rewas.Bench.Scaling;
using Rewas.Bundles;
using Rewas.Clip.Names;
using Rewas.Trainer.Torch;

TorchLibrary.Prepare();

var bundle = new Option<string>("--bundle", "-b")
{
    Description = "model bundle: a name or a folder",
    DefaultValueFactory = _ => "rewas-mini",
};
var output = new Option<string?>("--output", "-o") { Description = "also write the table to this file", HelpName = "FILE" };
var threads = new Option<int>("--threads") { Description = "threads of a call", DefaultValueFactory = _ => 1 };
var precision = new Option<string>("--precision")
{
    Description = "number format of the denoiser: f32 or int8",
    DefaultValueFactory = _ => PrecisionNames.Float32,
};
precision.AcceptOnlyFromAmong([.. PrecisionNames.All]);
var network = new Option<string>("--network")
{
    Description = "a network of the bundle: denoiser, video_encoder, vocoder",
    DefaultValueFactory = _ => "denoiser",
};
var threadCounts = new Option<int[]>("--threads")
{
    Description = "threads of a call, one table row each",
    AllowMultipleArgumentsPerToken = true,
    DefaultValueFactory = _ => [1, 2],
};
var rowCounts = new Option<int[]>("--rows")
{
    Description = "rows of a call, one table row each",
    AllowMultipleArgumentsPerToken = true,
    DefaultValueFactory = _ => [1, 2, 4, 8],
};
var calls = new Option<int>("--calls") { Description = "calls of each kind", DefaultValueFactory = _ => 31 };
var plot = new Option<string?>("--plot") { Description = "also draw distance over steps", HelpName = "FILE.png" };
var video = new Option<string>("--video")
{
    Description = "a silent video",
    DefaultValueFactory = _ => Path.Combine("samples", "hammer.mp4"),
};
var gateway = new Option<string?>("--gateway", "-g") { Description = "address of running services; without it they run in this process" };
var runs = new Option<int>("--runs") { Description = "measured runs", DefaultValueFactory = _ => 7 };
var clips = new Option<int>("--clips") { Description = "clips to sample", DefaultValueFactory = _ => 4 };
var steps = new Option<int[]>("--steps")
{
    Description = "numbers of steps",
    AllowMultipleArgumentsPerToken = true,
    DefaultValueFactory = _ => [8, 12, 16, 20, 30],
};
var reference = new Option<int>("--reference-steps") { Description = "DDIM steps of the reference", DefaultValueFactory = _ => 1000 };

var replicas = new Option<int[]>("--replicas")
{
    Description = "numbers of replicas",
    AllowMultipleArgumentsPerToken = true,
    DefaultValueFactory = _ => [1, 2, 4, 8],
};

var served = new Option<string>("--program")
{
    Description = "a built rewas.dll to serve",
    HelpName = "PATH",
    DefaultValueFactory = _ => Path.Combine("cli", "bin", "Release", "net10.0", "rewas.dll"),
};

return await new RootCommand("Measures the diffusion engine. Results of committed runs are in bench/results.")
{
    Measure(
        "call",
        "One call of a network: ONNX Runtime in f32 and int8 against libtorch on the same weights, side by side.",
        [network, threadCounts, rowCounts, calls],
        MeasureCalls),
    Measure(
        "quality",
        "Distance of the mel to that of a long deterministic run, for each sampler, spacing and number of steps.",
        [threads, precision, clips, steps, reference, plot],
        arguments => QualityBenchmark.Run(
            Open(arguments),
            arguments.GetValue(threads),
            arguments.GetRequiredValue(precision),
            arguments.GetValue(clips),
            arguments.GetRequiredValue(steps),
            arguments.GetValue(reference),
            arguments.GetValue(plot))),
    Measure(
        "throughput",
        "Windows per second and memory for 1 to 16 requests at a time, through the queue and the sampling loop.",
        [threads, precision],
        arguments => ThroughputBenchmark.Run(Open(arguments), arguments.GetValue(threads), arguments.GetRequiredValue(precision))),
    Measure(
        "clip",
        "One video to a finished file with warm services: the share of each stage, of ffmpeg and of the rest.",
        [precision, video, gateway, runs],
        arguments => ClipBenchmark.Run(
            Open(arguments),
            arguments.GetRequiredValue(precision),
            arguments.GetRequiredValue(video),
            arguments.GetValue(gateway),
            arguments.GetValue(runs))),
    Measure(
        "guard",
        "What hearing a sound costs beside making it, in turn in one process: processor time and wall time.",
        [precision, video, runs],
        arguments => GuardBenchmark.Run(
            Open(arguments), arguments.GetRequiredValue(precision), arguments.GetRequiredValue(video), arguments.GetValue(runs))),
    Measure(
        "commands",
        "Whole commands, each in a new process: wall time, CPU time and memory, with an empty cache and with a full one.",
        [CommandBenchmark.Programs, video, runs],
        arguments => CommandBenchmark.Run(
            arguments.GetRequiredValue(CommandBenchmark.Programs),
            arguments.GetRequiredValue(bundle),
            arguments.GetRequiredValue(video),
            arguments.GetValue(runs))),
    Measure(
        "scaling",
        "Throughput by number of replicas, with a denoiser that takes a fixed time, through the real gateway and queues.",
        [replicas],
        arguments => ScalingBenchmark.Run(Open(arguments), arguments.GetRequiredValue(replicas))),
    Measure(
        "costs",
        "What a clip costs: whole commands by preset and number format, each in a new process with an empty cache.",
        [CommandBenchmark.Programs, CostBenchmark.Presets, CostBenchmark.Precisions, video, runs],
        arguments => CostBenchmark.Run(
            arguments.GetRequiredValue(CommandBenchmark.Programs),
            arguments.GetRequiredValue(bundle),
            arguments.GetRequiredValue(video),
            arguments.GetRequiredValue(CostBenchmark.Presets),
            arguments.GetRequiredValue(CostBenchmark.Precisions),
            arguments.GetValue(runs))),
    Measure(
        "estimates",
        "The web API's estimates beside what the sounds then take, for different requests to `rewas serve`.",
        [served, video],
        arguments => EstimateBenchmark.Run(
            arguments.GetRequiredValue(served), arguments.GetRequiredValue(bundle), arguments.GetRequiredValue(video))),
    Measure(
        "faces",
        "The web API beside gRPC: the same requests to one `rewas serve`, in turn; latency, calls a second, bytes a second.",
        [served, video],
        arguments => FaceBenchmark.Run(
            arguments.GetRequiredValue(served), arguments.GetRequiredValue(bundle), arguments.GetRequiredValue(video))),
    Measure(
        "gpu",
        "One call of each large network on a GPU: f32 and f16, and libtorch on the same card. Needs a build with -p:Accelerator=cuda.",
        [GpuBenchmark.Accelerator, GpuBenchmark.Device, calls],
        arguments => GpuBenchmark.Run(
            Open(arguments),
            arguments.GetRequiredValue(GpuBenchmark.Accelerator),
            arguments.GetValue(GpuBenchmark.Device),
            arguments.GetValue(calls))),
    MadeBundleCommand.Create(),
    FaultTrialCommand.Create(),
}.Parse(args).InvokeAsync();

Bundle Open(ParseResult arguments) => Bundle.Find(arguments.GetRequiredValue(bundle));

IEnumerable<string> MeasureCalls(ParseResult arguments)
{
    using var subject = CallSubject.Of(Open(arguments), arguments.GetRequiredValue(network));
    foreach (var line in CallBenchmark.Run(
        subject, arguments.GetRequiredValue(threadCounts), arguments.GetRequiredValue(rowCounts), arguments.GetValue(calls)))
        yield return line;
}

Command Measure(string name, string description, Option[] own, Func<ParseResult, IEnumerable<string>> run)
{
    var command = new Command(name, description) { bundle, output };
    foreach (var option in own)
        command.Options.Add(option);
    command.SetAction(arguments =>
    {
        using var file = arguments.GetValue(output) is { } path ? new StreamWriter(path) { AutoFlush = true } : null;
        foreach (var line in MachineDescription.Lines(arguments.GetRequiredValue(bundle)).Concat(run(arguments)))
        {
            Console.WriteLine(line);
            file?.WriteLine(line);
        }
    });
    return command;
}
