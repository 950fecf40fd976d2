using System.CommandLine;
using Rewas.Clip.Faults;
using Rewas.Evaluation.Scenes.DataSets;
using Rewas.Trainer.Configuration;
using Rewas.Trainer.Data;
using Rewas.Trainer.Loop;
using Rewas.Trainer.Stages;
using Rewas.Trainer.Torch;

TorchLibrary.Prepare();

var stageNames = new Argument<string>("stage")
{
    Description =
        "video, mel, decoder, vocoder, embedding, classifier, guard, backbone, adapter; latents (encodes clips for backbone and adapter, "
        + "which do it themselves if it was not done); or bundle (puts the trained stages together)",
};
stageNames.AcceptOnlyFromAmong("video", "mel", "vocoder", "embedding", "classifier", "guard", "decoder", "latents",
    "backbone", "adapter", "bundle");
var configFile = new Option<string>("--config")
{
    Description = "the training configuration",
    DefaultValueFactory = _ => "training/configs/rewas-mini.json",
};
var runFolder = new Option<string>("--run")
{
    Description = "folder of checkpoints and losses",
    DefaultValueFactory = _ => "runs/rewas-mini",
};
var output = new Option<string>("--output", "-o") { Description = "folder of the bundle", DefaultValueFactory = _ => "models/rewas-mini" };
var recordings = new Option<string[]>("--recordings")
{
    Description = "folder of labelled recordings with an index.csv, for training sounds beside the scenes; may be repeated",
    HelpName = "DIR",
};
var films = new Option<string?>("--films")
{
    Description =
        "videos with sound, for training beside the scenes: folder:DIR (with prompts.csv), vggsound:DIR or "
        + "greatesthits:DIR (their training parts)",
    HelpName = "SET",
};
var captions = new Option<string>("--captions")
{
    Description = "phrases for the recordings' labels",
    DefaultValueFactory = _ => "training/configs/captions.json",
};
var unseenCaptions = new Option<string>("--unseen-captions")
{
    Description = "other phrases for the labels, for measuring only",
    DefaultValueFactory = _ => "training/configs/held-out-captions.json",
};
var from = new Option<string?>("--from")
{
    Description =
        "an earlier run or a bundle (e.g. models/rewas-mini). The stage starts from its weights. Stages that this "
        + "run has not trained are taken from it too",
    HelpName = "DIR",
};
var resume = new Option<bool>("--resume") { Description = "continue from the stage's last checkpoint" };
var workers = new Option<int>("--workers")
{
    Description = "threads that make clips beside the training; the number does not change what is learnt",
    DefaultValueFactory = _ => 1,
};
var threads = new Option<int>("--threads")
{
    Description = "threads of the network operations",
    DefaultValueFactory = _ => Environment.ProcessorCount,
};

var train = new RootCommand(
    "Trains the networks of a bundle, stage by stage: video, mel, vocoder, embedding, classifier and guard in "
    + "any order, then backbone, adapter, bundle.")
{
    stageNames, configFile, runFolder, output, recordings, films, captions, unseenCaptions, from, resume, workers, threads,
};
train.SetAction(async (arguments, cancel) =>
{
    try
    {
        TorchSharp.torch.set_num_threads(arguments.GetValue(threads));
        var config = TrainingConfig.Read(arguments.GetRequiredValue(configFile));
        var folders = arguments.GetValue(recordings) ?? [];
        var name = arguments.GetRequiredValue(stageNames);
        var leftOut = config.Stages.TryGetValue(name, out var own) ? [.. config.LeftOut, .. own.LeftOut] : config.LeftOut;
        var recorded = new List<Recording>();
        foreach (var folder in folders)
            recorded.AddRange(await RecordingFolder.ReadAsync(folder, leftOut, cancel));
        var data = new TrainingData(
            config,
            folders.Length == 0 ? null : recorded,
            CaptionBook.Read(arguments.GetRequiredValue(captions)),
            CaptionBook.Read(arguments.GetRequiredValue(unseenCaptions)),
            arguments.GetValue(films) is { } set ? EvaluationSet.Open(set, limit: null, DataSplit.Training).Clips : null,
            Math.Max(0, arguments.GetValue(workers)));
        var earlier = arguments.GetValue(from) is { } directory ? new EarlierWeights(directory) : null;
        var run = new RunFolder(arguments.GetRequiredValue(runFolder), config, data, earlier);
        if (name == "bundle")
        {
            Console.WriteLine($"{BundleStage.Write(config, run, data, arguments.GetRequiredValue(output)).Directory} written");
            return 0;
        }
        if (name == "mel" && PatchCosines.AreOf(config))
        {
            PatchCosines.Fit(config, data, run.Stage(name), Console.Out);
            return 0;
        }
        if (name == "latents")
        {
            Console.WriteLine(
                $"latents of {new MelEncoding(config, run).Stored(config, run, data).Count} clips are in "
                + $"{arguments.GetRequiredValue(runFolder)}");
            return 0;
        }
        if (!config.Stages.TryGetValue(name, out var options))
            throw InputFault.Invalid("config", $"says nothing of stage '{name}'; it has {string.Join(", ", config.Stages.Keys)}");
        IStage stage = name switch
        {
            "video" => new VideoStage(config, options, data),
            "mel" => new MelStage(config, options, data),
            "decoder" => new DecoderStage(config, options, data, run),
            "vocoder" => new VocoderStage(config, options, data),
            "embedding" => new EmbeddingStage(config, options, data, run),
            "classifier" => new ClassifierStage(config, options, data),
            GuardStage.Stage => await GuardStage.OpenAsync(config, options, data, recorded, run.Stage(name), cancel),
            "backbone" => new BackboneStage(config, options, data, run),
            _ => new AdapterStage(config, options, data, run),
        };
        new TrainingLoop(run.Stage(name), options, earlier is null ? null : network => earlier.Read(name, network))
            .Run(stage, arguments.GetValue(resume), Console.Out, cancel);
        return 0;
    }
    catch (InputFault fault)
    {
        Console.Error.WriteLine(fault.Message);
        return 2;
    }
});
return await train.Parse(args).InvokeAsync();
