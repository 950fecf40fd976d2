using Rewas.Clip.Faults;
using Rewas.Networks;
using Rewas.Text;
using Rewas.Trainer.Configuration;
using Rewas.Trainer.Data;
using Rewas.Trainer.Loop;
using Rewas.Trainer.Torch;
using torch = TorchSharp.torch;

namespace Rewas.Trainer.Stages;

/// <summary>
/// The embedding that text and sound share, trained contrastively like CLAP (Wu et al., 2023): each caption finds its sound in the batch,
/// and each sound finds its caption. Clips that share a caption are right answers to each other (supervised contrastive, Khosla et al.,
/// 2020), and so are two captions of one clip. With few sounds, this keeps paraphrases together. Mels are masked in training, as for the
/// classifier. With an anchor, text stays where an earlier text encoder put the first caption of each clip. A denoiser trained on that
/// encoder can then read this one, so new phrases need no other training. If a sentence encoder reads the text, only a projection of its
/// embedding is learnt, because it knows paraphrases already.
/// </summary>
sealed class EmbeddingStage : IStage
{
    const double Sharpness = 14;                                               // CLAP's temperature of 0.07
    const double WordDrop = 0.15;
    const int HeldOutClips = 200;

    readonly TrainingData data;
    readonly ClipPool pool;
    readonly TorchWeights textWeights, soundWeights;
    readonly string textNetwork;
    readonly ICaptionEncoder text;
    readonly Func<IReadOnlyList<Tensor>, IReadOnlyList<Tensor>> sound;
    readonly ICaptionEncoder? earlierText;
    readonly double anchorWeight, wordDrop;

    public EmbeddingStage(TrainingConfig config, StageConfig stage, TrainingData data, RunFolder run)
    {
        this.data = data;
        pool = data.PoolOf(data.Sounds, stage);
        (textWeights, soundWeights) = (TorchWeights.Fresh(config.Seed + 5), TorchWeights.Fresh(config.Seed + 9));
        sound = config.Define("audio_encoder").Build(new Scope(soundWeights));
        anchorWeight = stage.AnchorWeight;
        if (config.ReadsSentences)
        {
            if (anchorWeight > 0)
                throw InputFault.Invalid(
                    "anchorWeight", $"must be 0 with {SentenceEncoder.Architecture}, which does not move, but is {anchorWeight}");
            (textNetwork, text) = (TrainingConfig.TextProjection, new ProjectedCaptions(config, textWeights));
            return;
        }
        (textNetwork, text, wordDrop) = (TrainingConfig.TextEncoder, new LearntCaptions(config, run.Tokenizer(), textWeights), WordDrop);
        if (anchorWeight > 0)
            earlierText = new LearntCaptions(
                config, run.Tokenizer(), TorchWeights.From(run.ReadEarlier("embedding", TrainingConfig.TextEncoder)));
    }

    public IReadOnlyDictionary<string, TorchWeights> Trained =>
        new Dictionary<string, TorchWeights> { [textNetwork] = textWeights, ["audio_encoder"] = soundWeights };

    public torch.Tensor Loss(int step)
    {
        var (clips, random) = pool.Draw(step);
        var captionSets = clips.Select(c => c.Captions.ToHashSet()).ToArray();
        var (heard, read, reread) = (Embed(SpectrogramMask.Of(clips, random)), Embed(Drawn()), Embed(Drawn()));
        var same = torch.tensor(
            captionSets.SelectMany(a => captionSets.Select(b => a.Overlaps(b) ? 1f : 0f)).ToArray(), [clips.Length, clips.Length]);
        var right = same / same.sum(1, keepdim: true);
        var loss = Contrast(heard, read, right) + Contrast(read, reread, right);
        return earlierText is null ? loss : loss + anchorWeight * (1 - (read * Anchors(earlierText)).sum(1).mean());

        torch.Tensor Anchors(ICaptionEncoder encoder)
        {
            using var frozen = torch.no_grad();
            return ((TorchTensor)encoder.Encode([.. clips.Select(c => c.Captions[0])])).Value;
        }

        string[] Drawn() => [.. clips.Select(c => Thinned(c.Captions[random.Next(c.Captions.Count)], random))];
    }

    /// <summary>How often the caption nearest to a recording is its own, among one caption for each label.</summary>
    public IReadOnlyDictionary<string, double> Evaluate()
    {
        var clips = data.HeldOutRecordings(HeldOutClips);
        if (clips.Length == 0)
            clips = data.HeldOutScenes(HeldOutClips);
        var labels = clips.Where(c => c.Captions.Count > 1).DistinctBy(c => c.Captions[1]).ToArray();
        using var scope = torch.NewDisposeScope();
        var texts = Embed([.. labels.Select(l => l.Captions[1])]);
        var right = clips.Chunk(20).Sum(part =>
        {
            var nearest = Embed(part).matmul(texts.t()).argmax(1).data<long>().ToArray();
            return part.Zip(nearest, (clip, index) => clip.Captions.Contains(labels[index].Captions[1]) ? 1 : 0).Sum();
        });
        return new Dictionary<string, double>
        {
            ["caption_retrieval_accuracy"] = (double)right / clips.Length,
            ["caption_retrieval_labels"] = labels.Length,
            ["paraphrase_accuracy"] = ParaphraseAccuracy(),
        };
    }

    /// <summary>How often a phrase that training never saw is nearest to a caption of its own label.</summary>
    double ParaphraseAccuracy()
    {
        var labels = data.LabelsWithUnseenCaptions;
        if (labels.Count == 0)
            return double.NaN;
        using var scope = torch.NewDisposeScope();
        var nearest = Embed([.. labels.Select(data.UnseenCaptionOf)])
            .matmul(Embed([.. labels.Select(label => data.CaptionsOf(label)[1])]).t())
            .argmax(1)
            .data<long>()
            .ToArray();
        return nearest.Select((index, i) => index == i ? 1.0 : 0).Average();
    }

    static torch.Tensor Contrast(torch.Tensor ones, torch.Tensor others, torch.Tensor right)
    {
        var scores = ones.matmul(others.t()) * Sharpness;                      // [B, B]
        return -((right * scores.log_softmax(1)).sum(1).mean() + (right * scores.t().log_softmax(1)).sum(1).mean()) / 2;
    }

    /// <summary>Drops words of a caption at random, so that no single word decides.</summary>
    string Thinned(string caption, Random random)
    {
        if (wordDrop == 0)
            return caption;
        var kept = caption.Split(' ').Where(_ => random.NextDouble() >= wordDrop).ToArray();
        return kept.Length == 0 ? caption : string.Join(' ', kept);
    }

    // -> [B, D]
    torch.Tensor Embed(TrainingClip[] clips) => ((TorchTensor)sound([soundWeights.Wrap(clips.LogMels())])[0]).Value;

    torch.Tensor Embed(IReadOnlyList<string> captions) => ((TorchTensor)text.Encode(captions)).Value;                          // -> [B, D]
}
