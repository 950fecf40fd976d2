using System.CommandLine;
using Rewas.Bench;
using Rewas.Checkpoints;
using Rewas.Networks.Torch;

TorchLibrary.Prepare();

var bundle = new Option<string>("--bundle", "-b") { Description = "model bundle: a name or a folder", DefaultValueFactory = _ => "rewas-mini" };
var output = new Option<string?>("--output", "-o") { Description = "also write the table to this file", HelpName = "FILE" };
var threads = new Option<int>("--threads") { Description = "threads of a call", DefaultValueFactory = _ => 1 };
var clips = new Option<int>("--clips") { Description = "clips to sample", DefaultValueFactory = _ => 4 };
var steps = new Option<int[]>("--steps") { Description = "numbers of steps", AllowMultipleArgumentsPerToken = true, DefaultValueFactory = _ => [8, 12, 16, 20, 30] };
var reference = new Option<int>("--reference-steps") { Description = "DDIM steps of the reference", DefaultValueFactory = _ => 1000 };

return await new RootCommand("Measures the diffusion engine. Results of committed runs are in bench/results.")
{
    Measure("call", "One denoiser call: ONNX Runtime against libtorch on the same weights, side by side.", [threads],
        arguments => CallBenchmark.Run(Open(arguments), arguments.GetValue(threads))),
    Measure("quality", "Distance of the mel to that of a long deterministic run, for each sampler, spacing and number of steps.", [threads, clips, steps, reference],
        arguments => QualityBenchmark.Run(Open(arguments), arguments.GetValue(threads), arguments.GetValue(clips), arguments.GetRequiredValue(steps), arguments.GetValue(reference))),
    Measure("throughput", "Windows a second and memory against requests at a time, through the queue and the sampling loop.", [threads],
        arguments => ThroughputBenchmark.Run(Open(arguments), arguments.GetValue(threads))),
}.Parse(args).InvokeAsync();

Bundle Open(ParseResult arguments) => Bundle.Find(arguments.GetRequiredValue(bundle));

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
