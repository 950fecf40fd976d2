using Rewas.Clip;
using Rewas.Networks;
using Rewas.Networks.Architectures;
using Rewas.Trainer.Configuration;
using Rewas.Trainer.Torch;
using torch = TorchSharp.torch;

namespace Rewas.Trainer.Stages;

/// <summary>Uses the classifier of real recordings to judge generated sound.</summary>
sealed class Judge
{
    readonly TorchWeights weights;
    readonly Func<IReadOnlyList<Tensor>, IReadOnlyList<Tensor>> classifier;

    /// <summary>Least recall on held-out recordings of a label. The judge cannot judge labels that it knows worse than this.</summary>
    const double LeastRecall = 0.5;

    readonly string[] known;

    Judge(TrainingConfig config, TorchWeights weights, IReadOnlyDictionary<string, double> figures)
    {
        this.weights = weights;
        known = [.. config.Read<SoundEncoderConfiguration>(ClassifierStage.Network).Labels];
        Labels = [.. known.Where(label => !figures.TryGetValue(ClassifierStage.RecallOf(label), out var recall) || recall >= LeastRecall)];
        classifier = config.Define(ClassifierStage.Network).Build(new Scope(weights));
        weights.ThrowIfFaulty(ClassifierStage.Network);
    }

    /// <summary>The labels that the judge knows well enough.</summary>
    public IReadOnlyList<string> Labels { get; }

    /// <summary>Null if no classifier has been trained.</summary>
    public static Judge? Load(TrainingConfig config, RunFolder run) =>
        run.Has(ClassifierStage.Stage, ClassifierStage.Network)
            ? new(config, run.Load(ClassifierStage.Stage, ClassifierStage.Network), run.Figures())
            : null;

    /// <summary>
    /// Share of mels, each [512, 64], classified as their label. The labels of the mels repeat <see cref="Labels"/> in order.
    /// </summary>
    public double Accuracy(IReadOnlyList<float[]> mels) => Accuracy(mels, [.. mels.Select((_, i) => Labels[i % Labels.Count])]);

    /// <summary>Share of mels, each [512, 64], classified as their label.</summary>
    /// <param name="labels">Labels out of <see cref="Labels"/>.</param>
    public double Accuracy(IReadOnlyList<float[]> mels, IReadOnlyList<string> labels)
    {
        using var inference = torch.no_grad();
        using var scope = torch.NewDisposeScope();
        var batch = torch.tensor(mels.SelectMany(m => m).ToArray(), [mels.Count, 1, ClipTiming.MelFramesPerWindow, ClipTiming.MelBins]);
        var named = ((TorchTensor)classifier([weights.Wrap(batch)])[0]).Value.argmax(1).data<long>().ToArray();
        return named.Zip(labels, (index, label) => label == known[index] ? 1.0 : 0).Average();
    }
}
