using Rewas.Networks;
using Rewas.Networks.Architectures;
using Rewas.Trainer.Configuration;
using Rewas.Trainer.Data;
using Rewas.Trainer.Loop;
using Rewas.Trainer.Torch;
using torch = TorchSharp.torch;

namespace Rewas.Trainer.Stages;

/// <summary>
/// A classifier of real recordings, independent of everything that generates. It judges whether generated sound is what the prompt asked
/// for. In training, mels are masked in time and frequency (SpecAugment, Park et al., 2019), and pairs of clips are mixed (Zhang et al.,
/// 2018).
/// </summary>
sealed class ClassifierStage : IStage
{
    public const string Stage = "classifier", Network = "sound_classifier";
    const int HeldOutPerRecording = 2;

    readonly TrainingData data;
    readonly IReadOnlyList<string> labels;
    readonly ClipPool pool;
    readonly TorchWeights weights;
    readonly Func<IReadOnlyList<Tensor>, IReadOnlyList<Tensor>> classifier;

    public ClassifierStage(TrainingConfig config, StageConfig stage, TrainingData data)
    {
        (this.data, labels) = (data, config.Read<SoundEncoderConfiguration>(Network).Labels);
        pool = data.PoolOf(data.RecordingsOf(labels), stage);
        weights = TorchWeights.Fresh(config.Seed + 10);
        classifier = config.Define(Network).Build(new Scope(weights));
    }

    public IReadOnlyDictionary<string, TorchWeights> Trained => new Dictionary<string, TorchWeights> { [Network] = weights };

    public torch.Tensor Loss(int step)
    {
        var (clips, random) = pool.Draw(step);
        clips = SpectrogramMask.Of(clips, random);
        var target = torch.nn.functional.one_hot(torch.tensor(clips.Select(c => (long)IndexOf(c)).ToArray()), labels.Count)
            .to_type(torch.ScalarType.Float32);
        var share = 0.5 + 0.5 * random.NextDouble();
        var mel = clips.LogMels();
        var mixed = torch.logaddexp(mel + Math.Log(share), mel.flip(0) + Math.Log(1 - share));
        var scores = Scores(mixed).log_softmax(1);
        return -((target * share + target.flip(0) * (1 - share)) * scores).sum(1).mean();
    }

    public IReadOnlyDictionary<string, double> Evaluate()
    {
        var clips = data.HeldOutRecordingsOf(labels, HeldOutPerRecording);
        using var scope = torch.NewDisposeScope();
        var hits = clips.Chunk(20)
            .SelectMany(part => part.Zip(
                Scores(part.LogMels()).argmax(1).data<long>().ToArray(),
                (clip, index) => (clip.Kind, Hit: labels[(int)index] == clip.Kind)))
            .ToArray();
        return hits.GroupBy(h => h.Kind).Select(g => KeyValuePair.Create(RecallOf(g.Key), g.Average(h => h.Hit ? 1.0 : 0)))
            .Append(KeyValuePair.Create("classifier_accuracy", hits.Average(h => h.Hit ? 1.0 : 0))).ToDictionary();
    }

    /// <summary>Name of the figure for the recall of a label on real recordings.</summary>
    public static string RecallOf(string label) => $"classifier_recall_{label.Replace(' ', '_')}";

    int IndexOf(TrainingClip clip) => labels.TakeWhile(label => label != clip.Kind).Count();

    torch.Tensor Scores(torch.Tensor mel) => ((TorchTensor)classifier([weights.Wrap(mel)])[0]).Value;   // [B, 1, 512, 64] -> [B, labels]
}
