using System.CommandLine;
using Rewas.Faults;
using Rewas.Networks.Torch;
using Rewas.Trainer;
using Rewas.Trainer.Stages;

TorchLibrary.Prepare();

var stageNames = new Argument<string>("stage") { Description = "video, mel, vocoder, backbone, adapter, or bundle (puts the trained stages together)" };
stageNames.AcceptOnlyFromAmong("video", "mel", "vocoder", "backbone", "adapter", "bundle");
var configFile = new Option<string>("--config") { Description = "the training configuration", DefaultValueFactory = _ => "training/configs/rewas-mini.json" };
var runFolder = new Option<string>("--run") { Description = "folder of checkpoints and losses", DefaultValueFactory = _ => "runs/rewas-mini" };
var output = new Option<string>("--output", "-o") { Description = "folder of the bundle", DefaultValueFactory = _ => "models/rewas-mini" };
var resume = new Option<bool>("--resume") { Description = "go on from the stage's last checkpoint" };
var threads = new Option<int>("--threads") { Description = "threads of the network operations", DefaultValueFactory = _ => Environment.ProcessorCount };

var train = new RootCommand("Trains the networks of a bundle, stage by stage: video, mel and vocoder in any order, then backbone, adapter, bundle.")
{
    stageNames, configFile, runFolder, output, resume, threads,
};
train.SetAction((arguments, cancel) =>
{
    try
    {
        TorchSharp.torch.set_num_threads(arguments.GetValue(threads));
        var config = TrainingConfig.Read(arguments.GetRequiredValue(configFile));
        var run = new RunFolder(arguments.GetRequiredValue(runFolder), config);
        var name = arguments.GetRequiredValue(stageNames);
        if (name == "bundle")
        {
            Console.WriteLine($"{BundleStage.Write(config, run, arguments.GetRequiredValue(output)).Directory} written");
            return Task.FromResult(0);
        }
        var options = config.Stages[name];
        IStage stage = name switch
        {
            "video" => new VideoStage(config, options),
            "mel" => new MelStage(config, options),
            "vocoder" => new VocoderStage(config, options),
            "backbone" => new BackboneStage(config, options, run),
            _ => new AdapterStage(config, options, run),
        };
        new TrainingLoop(run.Stage(name), options).Run(stage, arguments.GetValue(resume), Console.Out, cancel);
        return Task.FromResult(0);
    }
    catch (InputFault fault)
    {
        Console.Error.WriteLine(fault.Message);
        return Task.FromResult(2);
    }
});
return await train.Parse(args).InvokeAsync();
