using Rewas.Networks;
using Rewas.Networks.Architectures;
using Rewas.Networks.Torch;
using torch = TorchSharp.torch;

namespace Rewas.Trainer.Stages;

/// <summary>The classifier of real recordings, asked about generated sound.</summary>
sealed class Judge
{
    readonly TorchWeights weights;
    readonly Func<IReadOnlyList<Tensor>, IReadOnlyList<Tensor>> classifier;

    Judge(TrainingConfig config, TorchWeights weights)
    {
        this.weights = weights;
        Labels = config.Read<SoundEncoderConfiguration>(ClassifierStage.Network).Labels;
        classifier = config.Define(ClassifierStage.Network).Build(new Scope(weights));
        weights.ThrowIfFaulty(ClassifierStage.Network);
    }

    /// <summary>What it tells apart.</summary>
    public IReadOnlyList<string> Labels { get; }

    /// <summary>Null where none has been trained.</summary>
    public static Judge? Load(TrainingConfig config, RunFolder run) =>
        run.Has(ClassifierStage.Stage, ClassifierStage.Network) ? new(config, run.Load(ClassifierStage.Stage, ClassifierStage.Network)) : null;

    /// <summary>Share of mels, each [512, 64], taken for their label, where the labels come in order, again and again.</summary>
    public double Accuracy(IReadOnlyList<float[]> mels)
    {
        using var inference = torch.no_grad();
        using var scope = torch.NewDisposeScope();
        var batch = torch.tensor(mels.SelectMany(m => m).ToArray(), [mels.Count, 1, ClipTiming.MelFramesPerWindow, ClipTiming.MelBins]);
        var named = ((TorchTensor)classifier([weights.Wrap(batch)])[0]).Value.argmax(1).data<long>().ToArray();
        return named.Select((index, i) => index == i % Labels.Count ? 1.0 : 0).Average();
    }
}
