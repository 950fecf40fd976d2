using System.Numerics.Tensors;
using Rewas.Bundles;
using Rewas.Bundles.Import;
using Rewas.Bundles.Tokenizers;
using Rewas.Clip;
using Rewas.Clip.Faults;
using Rewas.Networks.Onnx;
using Rewas.Video;

namespace Rewas.PromptCheck;

/// <summary>
/// Zero-shot classification with CLIP (Radford et al., 2021, arXiv 2103.00020, section 3.1): key frames are compared with an open list of
/// labels. For bundles with an imported CLIP.
/// </summary>
public sealed class ClipCaptioner : IDisposable
{
    public const string ImageNetwork = "clip_image", TextNetwork = "clip_text";

    const int ContextLength = 77, LabelsAtOnce = 16;

    /// <summary>Mean and deviation of red, green and blue on a scale of 0 to 1, as published with CLIP.</summary>
    static readonly float[] Means = [0.48145466f, 0.4578275f, 0.40821073f], Deviations = [0.26862954f, 0.26130258f, 0.27577711f];

    readonly OnnxNetwork image;
    readonly LoadedOnce<float[][]> labels;
    readonly ClipThresholds thresholds;
    readonly string name;

    /// <param name="bundle">Must hold both networks and CLIP's vocabulary.</param>
    /// <param name="thresholds">When CLIP abstains.</param>
    /// <exception cref="InputFault">The bundle has no CLIP, or a threshold is out of range.</exception>
    public ClipCaptioner(Bundle bundle, OnnxOptions options, ClipThresholds thresholds)
    {
        InputFault.ThrowIfAny([.. thresholds.Faults()]);
        Bundle = bundle;
        this.thresholds = thresholds;
        name = $"CLIP of {bundle.Manifest.Name} ({bundle.Manifest.Files[bundle.Network(ImageNetwork).File].Sha256[..8]})";
        var tokenizer = ClipTokenizer.Load(bundle);
        image = OnnxNetwork.Load(bundle, ImageNetwork, options);
        labels = new(() => Embed(bundle, options, tokenizer));
    }

    public Bundle Bundle { get; }

    /// <summary>Finds a bundle and requires that it has a CLIP.</summary>
    /// <exception cref="InputFault">NotFound: there is no such bundle, or it has no CLIP.</exception>
    public static Bundle Open(string nameOrDirectory) =>
        Bundles.Bundle.Find(nameOrDirectory) is var bundle && IsIn(bundle)
            ? bundle
            : throw InputFault.NotFound(
                "clip", $"bundle '{bundle.Manifest.Name}' has no {ImageNetwork} and {TextNetwork}: rewas models import --clip");

    /// <summary>The bundle whose CLIP is used if none is named: that of the sounds, or the one that was pulled. Null for none.</summary>
    public static Bundle? Usual(Bundle? own) =>
        own is not null && IsIn(own) ? own
        : Path.Combine(Bundles.Bundle.UserFolder, PublishedFiles.Clip) is var pulled && Directory.Exists(pulled)
            && Bundles.Bundle.Open(pulled, verify: false) is var bundle && IsIn(bundle) ? bundle
        : null;

    /// <summary>What a user who misses a CLIP can do.</summary>
    public const string HowToGet = "`rewas models pull clip` lets me look at filmed pictures; `--objects FILE` tells me what is in them";

    public static bool IsIn(Bundle bundle) =>
        bundle.Manifest.Networks.ContainsKey(ImageNetwork) && bundle.Manifest.Networks.ContainsKey(TextNetwork);

    /// <summary>Classifies the key frames of a video.</summary>
    /// <exception cref="InputFault">The video cannot be decoded.</exception>
    public async Task<ClipView> LookAsync(string path, VideoFacts facts, SeenVideo seen, CancellationToken cancellation) =>
        Look(await KeyFrames.ReadAsync(path, facts, seen, cancellation), cancellation);

    /// <param name="frames">At least one.</param>
    public ClipView Look(IReadOnlyList<KeyFrame> frames, CancellationToken cancellation = default)
    {
        var cosines = new List<float[]>();
        foreach (var frame in frames)
        {
            var embedding = image.Run([Normalised(frame)], cancellation)[0].Floats;
            cosines.Add([.. labels.Value.Select(label => TensorPrimitives.Dot(embedding.Span, label))]);
        }
        return ClipView.Of(name, cosines, thresholds);
    }

    public void Dispose() => image.Dispose();

    /// <summary>CLIP's image input, [1, 3, 224, 224].</summary>
    public static HostTensor Normalised(KeyFrame frame)
    {
        const int Plane = KeyFrames.Side * KeyFrames.Side;
        var values = new float[3 * Plane];
        for (var i = 0; i < values.Length; i++)
        {
            var (channel, pixel) = (i / Plane, i % Plane);
            values[i] = (frame.Rgb[3 * pixel + channel] / 255f - Means[channel]) / Deviations[channel];
        }
        return HostTensor.Of(values, 1, 3, KeyFrames.Side, KeyFrames.Side);
    }

    /// <summary>Unit-length embeddings of all labels. The text network is needed only here.</summary>
    static float[][] Embed(Bundle bundle, OnnxOptions options, ClipTokenizer tokenizer)
    {
        using var text = OnnxNetwork.Load(bundle, TextNetwork, options);
        return
        [
            .. ClipLabels.All.Chunk(LabelsAtOnce).SelectMany(some =>
            {
                long[] ids = [.. some.SelectMany(label => tokenizer.Encode($"a photo of {label.Text}.", ContextLength))];
                var embeddings = text.Run([HostTensor.Of(ids, some.Length, ContextLength)])[0].Floats.ToArray();
                return embeddings.Chunk(embeddings.Length / some.Length);
            }),
        ];
    }
}
