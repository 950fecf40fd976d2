using System.Text;
using Microsoft.AspNetCore.Http;
using Grpc.Core;
using Rewas.Bundles;
using Rewas.Bundles.Checkpoints;
using Rewas.Clip.Faults;
using Rewas.Hosting.Access;
using Rewas.Networks.Architectures;
using Rewas.Sound.Curves;
using Rewas.Sound.Wav;

namespace Rewas.Tests.Fuzzing;

/// <summary>All readers of files and bytes from outside.</summary>
public static class FuzzTargets
{
    const int SmallBlock = 7;

    const string SharedMemory = "/dev/shm";

    public static IReadOnlyList<FuzzTarget> All { get; } =
    [
        new("safetensors", bytes => Checkpoint(bytes), IsFault,
            Words("{\"", "\":{\"dtype\":\"F32\",\"shape\":[1],\"data_offsets\":[0,4]}", "__metadata__", "[", "]", "BF16", "data_offsets")),
        new("pickle", bytes => Checkpoint(bytes), IsFault,
            Words("ccollections\nOrderedDict\n", ")R", "(", "t", "e", "u", "s", "h\0", "q\0", "\u0085", "R",
                "ctorch._utils\n_rebuild_tensor_v2\n",
                "X\u0001\0\0\0a", "K\u0001", "]", "}", "Q", ".")),
        new("npy", bytes => InFile(bytes, "x.npy", path => NpyFile.Read(path)), IsFault,
            Words("'descr': '<f4'", "'fortran_order': True", "'shape': (", "1, ", "), }", "<f8", "|b1")),
        new("wav", Wav, IsFault, Words("RIFF", "WAVE", "fmt ", "data", "ds64", "RF64", "fact", "LIST"))
        {
            UsualMutations = 500,                                            // each is also resampled
        },
        new("csv", bytes => CurveCsv.Parse(Encoding.UTF8.GetString(bytes).Split('\n')), IsFault,
            Words("time_s,energy\n", "time_s,normalised\n", "0,0\n", "1e3,", "NaN", "-0", ",", "\n", "7199.99,0")),
        new("bundle", Bundle, failure => IsFault(failure) || failure is ArgumentException,
            Words("\"networks\":{", "\"architecture\":\"", "\"configuration\":{", "\"depth\":", "\"files\":{", "null", "[", "{", "1e9")),
        new("guarded-body", GuardedBodies, failure => failure is RpcException, Words("\0\0\0\0\0", "\0\0\0\0\u0001", "\u0001\0\0\0\u0010")),
    ];

    public static FuzzTarget Named(string name) => All.Single(target => target.Name == name);

    /// <summary>For <see cref="CoverageGuide"/>, which runs a copy of this assembly: why an input is a finding, or null.</summary>
    public static string? Check(string target, byte[] input) => Named(target).Check(input);

    static bool IsFault(Exception failure) => failure is InputFault;

    static IReadOnlyList<byte[]> Words(params string[] words) => [.. words.Select(Encoding.Latin1.GetBytes)];

    static void Checkpoint(byte[] bytes) => InFile(bytes, "x", path =>
    {
        using var file = CheckpointFile.Open(path);
        foreach (var name in file.Tensors.Keys)
            file.Bytes(name);
    });

    static void Wav(byte[] bytes)
    {
        using var stream = new MemoryStream(bytes);
        WavFile.ReadAtAsync(stream, 16_000, new WavLimits { MaxDuration = TimeSpan.FromMinutes(1) }, "recording").GetAwaiter().GetResult();
    }

    /// <summary>The manifest, and the networks that it describes.</summary>
    static void Bundle(byte[] bytes) => InFile(bytes, "bundle.json", path =>
    {
        var (manifest, _) = BundleManifestFile.Read(path);
        foreach (var network in manifest.Networks.Values.Where(network => NetworkCatalog.Architectures.Contains(network.Architecture)))
            NetworkCatalog.Create(network.Architecture, network.Configuration);
    });

    /// <summary>A request body that arrives in small blocks, as a stream and as a single request.</summary>
    static void GuardedBodies(byte[] bytes)
    {
        var caller = new Caller("anna", ["*"], new() { UploadBytesPerCall = 8 << 10, UploadBytesPerDay = 1 << 20 });
        var limiter = new CallerLimiter(new MemoryUsage(TimeProvider.System), TimeProvider.System);
        foreach (var isStream in (bool[])[true, false])
        {
            var context = new DefaultHttpContext { Request = { Body = new MemoryStream(bytes) } };
            using var open = new OpenCall(context, caller, "method", _ => { });
            var place = limiter.EnterAsync(caller).AsTask().GetAwaiter().GetResult();
            var body = new GuardedBody(context, caller, place, open, isStream, TimeSpan.FromSeconds(1));
            var block = new byte[SmallBlock];
            while (body.ReadAsync(block).AsTask().GetAwaiter().GetResult() > 0)
                continue;
        }
    }

    /// <summary>Lets a reader open the bytes as a file.</summary>
    static void InFile(byte[] bytes, string name, Action<string> read)
    {
        var path = Path.Combine(Folder.Value!, name);
        File.WriteAllBytes(path, bytes);
        read(path);
    }

    /// <summary>
    /// One folder a thread. It is in memory where the system offers that, because a disk is slower. It goes with the process.
    /// </summary>
    static readonly ThreadLocal<string> Folder = new(() =>
    {
        var parent = Directory.Exists(SharedMemory) ? SharedMemory : Path.GetTempPath();
        var folder = Directory.CreateDirectory(Path.Combine(parent, $"rewas-fuzz-{Guid.NewGuid():n}")).FullName;
        AppDomain.CurrentDomain.ProcessExit += (_, _) => Directory.Delete(folder, recursive: true);
        return folder;
    });
}
