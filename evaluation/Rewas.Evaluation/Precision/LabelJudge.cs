using Rewas.Bundles;
using Rewas.Clip;
using Rewas.Clip.Faults;
using Rewas.Networks.Architectures;
using Rewas.Networks.Onnx;

namespace Rewas.Evaluation.Precision;

/// <summary>Asks a bundle's classifier whether a sound matches its prompt, which is one of the classifier's labels.</summary>
public sealed class LabelJudge : IDisposable
{
    const string Network = "sound_classifier";

    /// <summary>Least recall, on real recordings, of a label that the classifier may judge.</summary>
    const double LeastRecall = 0.5;

    readonly OnnxNetwork classifier;
    readonly (string Label, int Index)[] known;

    /// <exception cref="InputFault">The bundle has no classifier, or it knows no label.</exception>
    public LabelJudge(Bundle bundle)
    {
        known = [.. NetworkCatalog.Read<SoundEncoderConfiguration>(bundle.Network(Network).Configuration).Labels
            .Select((label, index) => (label, index))
            .Where(entry => !bundle.Manifest.Metrics.TryGetValue($"classifier_recall_{entry.label.Replace(' ', '_')}", out var recall)
                || recall >= LeastRecall)];
        if (known.Length == 0)
            throw InputFault.Precondition(Network, $"of '{bundle.Manifest.Name}' knows no label well enough to judge");
        classifier = OnnxNetwork.Load(bundle, Network, new());
    }

    /// <summary>The judge of a bundle; null if the bundle has no classifier.</summary>
    public static LabelJudge? Of(Bundle bundle) => bundle.Manifest.Networks.ContainsKey(Network) ? new(bundle) : null;

    /// <summary>The prompt of a clip: the labels in turn.</summary>
    public string Prompt(int clip) => known[clip % known.Length].Label;

    /// <summary>Share of log mels, [512, 64] each, that are classified as their own prompt.</summary>
    public double Accuracy(IReadOnlyList<float[]> mels) =>
        mels.Select((mel, clip) => IndexOf(mel) == known[clip % known.Length].Index ? 1.0 : 0).Average();

    public void Dispose() => classifier.Dispose();

    int IndexOf(float[] mel)
    {
        var scores = classifier.Run([HostTensor.Of(mel, 1, 1, ClipTiming.MelFramesPerWindow, ClipTiming.MelBins)])[0].Floats.ToArray();
        return Array.IndexOf(scores, scores.Max());
    }
}
