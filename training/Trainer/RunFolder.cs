using System.Runtime.InteropServices;
using System.Security.Cryptography;
using Rewas.Checkpoints;
using Rewas.Faults;
using Rewas.Networks;
using Rewas.Networks.Torch;
using Rewas.Text;
using Rewas.Trainer.Data;

namespace Rewas.Trainer;

/// <summary>The folder of a training run: one folder a stage, and the vocabulary.</summary>
/// <param name="directory">The run's own.</param>
/// <param name="config">Names the stages.</param>
/// <param name="data">For the vocabulary.</param>
/// <param name="earlier">From where stages are taken that this run has not trained; null for nowhere.</param>
sealed class RunFolder(string directory, TrainingConfig config, TrainingData data, EarlierWeights? earlier = null)
{
    public string Stage(string stage) => Path.Combine(directory, stage);

    /// <summary>The vocabulary, learnt from the captions when it is first asked for.</summary>
    public PromptTokenizer Tokenizer()
    {
        var (vocabulary, merges) = (Path.Combine(directory, PromptTokenizer.VocabularyFile), Path.Combine(directory, PromptTokenizer.MergesFile));
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

    /// <summary>Averaged weights of a network that an earlier stage trained. What this run has trained counts before what an earlier one has.</summary>
    public IReadOnlyDictionary<string, HostTensor> Read(string stage, string network)
    {
        var path = PathOf(stage, network);
        if (!File.Exists(path))
            return earlier?.Read(stage, network) ?? throw InputFault.Precondition(stage, $"'{path}' does not exist: train stage '{stage}' first");
        using var file = SafetensorsFile.Open(path);
        return file.Tensors.ToDictionary(t => t.Key, t => HostTensor.Of(file.ReadFloats(t.Key), t.Value.Shape));
    }

    /// <summary>Averaged weights of a network from the earlier run alone.</summary>
    public IReadOnlyDictionary<string, HostTensor> ReadEarlier(string stage, string network) =>
        earlier?.Read(stage, network) ?? throw InputFault.Precondition("from", $"an earlier run or bundle with '{network}' is needed");

    public TorchWeights Load(string stage, string network) => TorchWeights.From(Read(stage, network));

    public void CopyVocabulary(string output)
    {
        Tokenizer();
        foreach (var file in (string[])[PromptTokenizer.VocabularyFile, PromptTokenizer.MergesFile])
            File.Copy(Path.Combine(directory, file), Path.Combine(output, file), overwrite: true);
    }

    /// <summary>What every stage measured on held-out clips; what this run measured counts before what an earlier one did.</summary>
    public IReadOnlyDictionary<string, double> Figures() => config.Stages.Keys.OrderBy(stage => File.Exists(EvaluationOf(stage))).SelectMany(FiguresOf).GroupBy(f => f.Key).ToDictionary(g => g.Key, g => g.Last().Value);

    /// <summary>What the mel stage measured: one over the latents' root mean square.</summary>
    public double LatentScale() => FiguresOf("mel").LastOrDefault(f => f.Key == "latent_scale") is { Value: > 0 } scale
        ? scale.Value
        : throw InputFault.Precondition("mel", "the latent scale was not measured: train stage 'mel' to its end first");

    /// <summary>Latents of clips by this run's mel encoder; made when they are first asked for.</summary>
    public StoredLatents Latents(int count, Func<int, TrainingClip> make, Func<IReadOnlyList<float[]>, TorchSharp.torch.Tensor> encode)
    {
        var encoder = Read("mel", "mel_encoder").OrderBy(weight => weight.Key, StringComparer.Ordinal).SelectMany(weight => MemoryMarshal.AsBytes(weight.Value.Floats.Span).ToArray());
        return StoredLatents.Open(directory, count, Convert.ToHexStringLower(SHA256.HashData(encoder.ToArray())), make, encode, data.CaptionsOfRecorded, Console.Out);
    }

    string PathOf(string stage, string network) => Path.Combine(Stage(stage), $"{network}.safetensors");

    IEnumerable<KeyValuePair<string, double>> FiguresOf(string stage) =>
        earlier is null || File.Exists(EvaluationOf(stage)) ? EarlierWeights.Figures(EvaluationOf(stage)) : earlier.FiguresOf(stage);

    string EvaluationOf(string stage) => Path.Combine(Stage(stage), TrainingLoop.EvaluationFile);
}
