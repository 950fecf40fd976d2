using System.Runtime.InteropServices;
using System.Security.Cryptography;
using Rewas.Bundles.Checkpoints;
using Rewas.Bundles.Tokenizers;
using Rewas.Clip;
using Rewas.Clip.Faults;
using Rewas.Trainer.Configuration;
using Rewas.Trainer.Data;
using Rewas.Trainer.Loop;
using Rewas.Trainer.Torch;

namespace Rewas.Trainer.Stages;

/// <summary>The folder of a training run: one folder for each stage, and the vocabulary.</summary>
/// <param name="data">Captions for the vocabulary.</param>
/// <param name="earlier">Source of stages that this run has not trained, or null.</param>
sealed class RunFolder(string directory, TrainingConfig config, TrainingData data, EarlierWeights? earlier = null)
{
    public string Stage(string stage) => Path.Combine(directory, stage);

    /// <summary>The vocabulary. It is learnt from the captions at the first call.</summary>
    public PromptTokenizer Tokenizer()
    {
        var (vocabulary, merges) = (
            Path.Combine(directory, PromptTokenizer.VocabularyFile), Path.Combine(directory, PromptTokenizer.MergesFile));
        if (earlier is not null && !File.Exists(vocabulary) && File.Exists(earlier.VocabularyFile(PromptTokenizer.VocabularyFile)))
        {
            Directory.CreateDirectory(directory);
            foreach (var file in (string[])[PromptTokenizer.VocabularyFile, PromptTokenizer.MergesFile])
                File.Copy(earlier.VocabularyFile(file), Path.Combine(directory, file), overwrite: true);
        }
        if (!File.Exists(vocabulary) || !File.Exists(merges))
            VocabularyTrainer.Train(data.Captions(), config.VocabularyMerges, directory);
        return PromptTokenizer.Load(vocabulary, merges);
    }

    public bool Has(string stage, string network) => File.Exists(PathOf(stage, network)) || earlier?.Has(stage, network) is true;

    /// <summary>
    /// Averaged weights of a network that an earlier stage trained. Weights of this run come before those of an earlier run.
    /// </summary>
    public IReadOnlyDictionary<string, HostTensor> Read(string stage, string network)
    {
        var path = PathOf(stage, network);
        if (!File.Exists(path))
            return earlier?.Read(stage, network) ?? throw InputFault.Precondition(
                stage, $"'{path}' does not exist: train stage '{stage}' first");
        using var file = SafetensorsFile.Open(path);
        return file.Tensors.ToDictionary(t => t.Key, t => HostTensor.Of(file.ReadFloats(t.Key), t.Value.Shape));
    }

    /// <summary>Averaged weights of a network, from the earlier run only.</summary>
    public IReadOnlyDictionary<string, HostTensor> ReadEarlier(string stage, string network) =>
        earlier?.Read(stage, network) ?? throw InputFault.Precondition("from", $"an earlier run or bundle with '{network}' is needed");

    public TorchWeights Load(string stage, string network) => TorchWeights.From(Read(stage, network));

    public void CopyVocabulary(string output)
    {
        Tokenizer();
        foreach (var file in (string[])[PromptTokenizer.VocabularyFile, PromptTokenizer.MergesFile])
            File.Copy(Path.Combine(directory, file), Path.Combine(output, file), overwrite: true);
    }

    /// <summary>The figures of every stage on held-out clips. Figures of this run come before those of an earlier run.</summary>
    public IReadOnlyDictionary<string, double> Figures() =>
        config.Stages.Keys.OrderBy(stage => File.Exists(EvaluationOf(stage)))
            .SelectMany(FiguresOf)
            .GroupBy(f => f.Key)
            .ToDictionary(g => g.Key, g => g.Last().Value);

    /// <summary>The latent scale that the mel stage measured: 1 / (root mean square of the latents).</summary>
    public double LatentScale() => FiguresOf("mel").LastOrDefault(f => f.Key == "latent_scale") is { Value: > 0 } scale
        ? scale.Value
        : throw InputFault.Precondition("mel", "the latent scale was not measured: train stage 'mel' to its end first");

    /// <summary>Latents of clips from this run's mel encoder. They are made at the first call.</summary>
    public StoredLatents Latents(int count, Func<int, TrainingClip> make, Func<IReadOnlyList<float[]>, TorchSharp.torch.Tensor> encode)
    {
        var encoder = Read("mel", "mel_encoder")
            .OrderBy(weight => weight.Key, StringComparer.Ordinal)
            .SelectMany(weight => MemoryMarshal.AsBytes(weight.Value.Floats.Span).ToArray());
        return StoredLatents.Open(
            directory,
            count,
            Convert.ToHexStringLower(SHA256.HashData(encoder.ToArray())),
            make,
            encode,
            data.CaptionsOfRecorded,
            Console.Out);
    }

    string PathOf(string stage, string network) => Path.Combine(Stage(stage), $"{network}.safetensors");

    IEnumerable<KeyValuePair<string, double>> FiguresOf(string stage) =>
        earlier is null || File.Exists(EvaluationOf(stage)) ? EarlierWeights.Figures(EvaluationOf(stage)) : earlier.FiguresOf(stage);

    string EvaluationOf(string stage) => Path.Combine(Stage(stage), TrainingLoop.EvaluationFile);
}
