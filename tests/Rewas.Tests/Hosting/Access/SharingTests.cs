using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Rewas.Agent;
using Rewas.Hosting;
using Rewas.Jobs;
using Rewas.SoundLibrary;
using Rewas.SoundStudio;

namespace Rewas.Tests.Hosting.Access;

/// <summary>
/// No service that keeps data of its callers starts where it cannot tell them apart, unless the settings say that they share.
/// </summary>
public sealed class SharingTests
{
    static readonly Dictionary<string, Func<WebApplicationBuilder, WebApplicationBuilder>> Keeping = new()
    {
        ["Jobs"] = builder => builder.AddJobs(),
        ["SoundStudio"] = builder => builder.AddSoundStudio(),
        ["SoundAgent"] = builder => builder.AddSoundAgent(),
        ["SoundLibrary"] = builder => builder.AddSoundLibrary(),
    };

    public static TheoryData<string> Services => [.. Keeping.Keys];

    [Theory]
    [MemberData(nameof(Services))]
    public void A_service_that_keeps_data_of_callers_it_cannot_tell_apart_does_not_start(string service)
    {
        Assert.StartsWith(
            $"Rewas:TrustCallerHeader: must be true for {service}, which otherwise cannot tell its callers apart",
            Assert.Single(Faults(service)), StringComparison.Ordinal);
        Assert.Single(Faults(service, ("Rewas:TrustCallerHeader", "false"), ("Rewas:ShareBetweenCallers", "false")));
    }

    [Theory]
    [MemberData(nameof(Services))]
    public async Task The_process_ends_with_exit_code_2(string service)
    {
        await using var app = Build(service);
        Assert.Equal(2, await app.RunServiceAsync(TestContext.Current.CancellationToken));
    }

    [Theory]
    [MemberData(nameof(Services))]
    public void It_starts_where_the_gateway_names_the_caller_or_where_sharing_is_said(string service)
    {
        Assert.Empty(Faults(service, ("Rewas:TrustCallerHeader", "true")));
        Assert.Empty(Faults(service, ("Rewas:ShareBetweenCallers", "true")));
    }

    [Fact]
    public void Every_service_but_the_four_stages_is_one_of_them()
    {
        string[] stages = [.. Rewas.Protocol.StageNames.All];
        var all = typeof(V1.Vocoder).Assembly.GetTypes()
            .Select(type => type.GetProperty("Descriptor")?.GetMethod is { IsStatic: true } get
                ? get.Invoke(null, null) as Google.Protobuf.Reflection.ServiceDescriptor
                : null)
            .OfType<Google.Protobuf.Reflection.ServiceDescriptor>().Select(service => service.Name);
        Assert.Equal(Keeping.Keys.Order(), all.Except(stages).Order());
    }

    static IEnumerable<string> Faults(string service, params (string Key, string Value)[] settings)
    {
        using var app = (IDisposable)Build(service, settings);
        try
        {
            ((WebApplication)app).Services.GetRequiredService<IStartupValidator>().Validate();
            return [];
        }
        catch (OptionsValidationException fault)
        {
            return fault.Failures;
        }
    }

    static WebApplication Build(string service, params (string Key, string Value)[] settings)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Configuration["Rewas:Listen"] = "http://127.0.0.1:0";
        foreach (var (key, value) in settings)
            builder.Configuration[key] = value;
        builder.AddRewasDefaults();
        builder.Logging.ClearProviders();
        Keeping[service](builder);
        return builder.Build();
    }
}
