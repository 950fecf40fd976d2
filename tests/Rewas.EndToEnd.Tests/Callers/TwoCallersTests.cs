using Google.Protobuf.Reflection;
using Grpc.Core;

namespace Rewas.EndToEnd.Tests.Callers;

/// <summary>
/// Two callers behind a gateway with keys. Bob calls every method of every service, and gives Alice's names in every field that can name
/// something. He must get what he gets for names that never existed. The methods and fields come from the protos, so a new one is tested
/// without a line here.
/// </summary>
public sealed class TwoCallersTests(ITestOutputHelper output)
{
    /// <summary>Its callers share one library, as its proto says.</summary>
    static readonly string[] Shared = ["SoundLibrary"];

    [Fact]
    public async Task Nobody_learns_that_another_callers_thing_exists()
    {
        await using var world = await CallersWorld.StartAsync(("Rewas:TrustCallerHeader", "true"));
        var (alice, bob) = (await world.ConnectAsync("alice"), await world.ConnectAsync("bob"));
        var clip = world.Clip();
        var (hers, his) = (await CallersThings.MakeAsync(alice, clip, "alice"), await CallersThings.MakeAsync(bob, clip, "bob"));

        var leaks = await LeaksAsync(bob, hers, his, Tested);

        Assert.True(leaks.Count == 0, string.Join('\n', leaks.Values.SelectMany(leak => leak)));
        await hers.AreThereAsync();
    }

    [Fact]
    public async Task The_matrix_notices_services_that_cannot_tell_callers_apart()
    {
        await using var world = await CallersWorld.StartAsync(("Rewas:ShareBetweenCallers", "true"));
        var (alice, bob) = (await world.ConnectAsync("alice"), await world.ConnectAsync("bob"));
        var clip = world.Clip();
        var (hers, his) = (await CallersThings.MakeAsync(alice, clip, "alice"), await CallersThings.MakeAsync(bob, clip, "bob"));
        var named = Tested.Where(method => StringFields.Of(method.InputType).Any(path => his.Ids.ContainsKey(path[^1].Name))).ToList();

        var leaks = await LeaksAsync(bob, hers, his, named);

        // A deletion answers the same, whether there was anything or not.
        Assert.Equal(named.Where(method => !IsDeletion(method)).Select(method => method.FullName).Order(), leaks.Keys.Order());
    }

    [Fact]
    public void Every_method_is_tested_but_those_of_services_that_say_they_are_shared()
    {
        Assert.Equal(
            AnyCall.Methods.Count - Shared.Length * V1.SoundLibrary.Descriptor.Methods.Count, Tested.Count);
        Assert.True(Tested.Count >= 27, $"{Tested.Count} methods");
    }

    /// <summary>What deletes and ends comes last.</summary>
    static IReadOnlyList<MethodDescriptor> Tested =>
    [
        .. AnyCall.Methods.Where(method => !Shared.Contains(method.Service.Name))
            .OrderBy(method => IsDeletion(method) || method.Name is "Cancel" or "CancelRender")
            .ThenBy(method => method.Name is "DeleteVideo"),
    ];

    static bool IsDeletion(MethodDescriptor method) =>
        method.Name.StartsWith("Delete", StringComparison.Ordinal) || method.Name is "UnshareProject";

    /// <summary>What bob learns of alice, by method.</summary>
    async Task<Dictionary<string, List<string>>> LeaksAsync(
        CallInvoker bob, CallersThings hers, CallersThings his, IReadOnlyList<MethodDescriptor> methods)
    {
        var leaks = new Dictionary<string, List<string>>();
        var calls = 0;
        string[] names = [.. hers.Ids.Values, .. hers.Keys];
        var given = new HashSet<string>();
        // Before bob has given any name of hers: what is listed, described or made.
        foreach (var method in methods.Where(method => !IsDeletion(method)))
            Note(method, "nothing", await CallAsync(method, [], ""));
        foreach (var method in methods)
        {
            foreach (var path in StringFields.Of(method.InputType))
                // Fields that are no names get one of hers too, but not each.
                foreach (var name in IsName(path[^1]) ? names : names[..1])
                {
                    var where = string.Join('.', path.Select(field => field.Name));
                    var (real, control) = ("", "");
                    // A first look at a video tells of its progress, and a second has none. What leaks differs each time.
                    for (var attempt = 0; attempt == 0 || (attempt < 3 && real != control); attempt++)
                    {
                        given.Add(name);
                        var answer = await CallAsync(method, path, name);
                        Note(method, where, answer);
                        real = answer.Shape(name);
                        control = (await CallAsync(method, path, Never(name))).Shape(Never(name));
                    }
                    if (real != control)
                        Add(method, $"{where}={name} gives\n  {real}\nand for what never existed\n  {control}");
                }
        }
        output.WriteLine($"{methods.Count} methods, {calls} calls");
        return leaks;

        async Task<Answer> CallAsync(MethodDescriptor method, FieldDescriptor[] path, string value)
        {
            calls++;
            return await AnyCall.CallAsync(bob, method, Requests.Of(method, path, value, his));
        }

        // No answer may hold a name of hers that bob has not given himself, now or before.
        void Note(MethodDescriptor method, string where, Answer answer)
        {
            foreach (var name in names.Where(name => !given.Contains(name) && answer.Text.Contains(name, StringComparison.Ordinal)))
                Add(method, $"{where}: tells {name}");
        }

        void Add(MethodDescriptor method, string leak)
        {
            if (!leaks.TryGetValue(method.FullName, out var list))
                leaks[method.FullName] = list = [];
            list.Add($"{method.FullName} {leak}");
        }
    }

    static bool IsName(FieldDescriptor field) =>
        field.Name.EndsWith("_id", StringComparison.Ordinal) || field.Name.EndsWith("_ids", StringComparison.Ordinal)
        || field.Name.EndsWith("key", StringComparison.Ordinal) || field.Name is "session" or "page" or "file" or "path" or "opened";

    /// <summary>A name of the same form that nobody has: each digit and letter is another one.</summary>
    static string Never(string name) => string.Concat(name.Select(c => c switch
    {
        >= '0' and <= '8' or >= 'a' and <= 'e' => (char)(c + 1),
        '9' => '0',
        'f' => 'a',
        _ => c,
    }));
}
