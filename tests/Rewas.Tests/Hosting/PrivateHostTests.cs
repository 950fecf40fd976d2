using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Rewas.Hosting;

namespace Rewas.Tests.Hosting;

/// <summary>A host that serves only its own command (Rewas:Private).</summary>
public sealed class PrivateHostTests
{
    [Theory]
    [InlineData(false, 1)]
    [InlineData(true, 0)]
    public async Task Networks_of_a_private_host_are_not_loaded_at_the_start(bool isPrivate, int loads)
    {
        await using var app = Build(isPrivate);
        await app.StartAsync(TestContext.Current.CancellationToken);

        Assert.Equal(loads, app.Services.GetRequiredService<Network>().Loads);
        Assert.Equal(loads, app.Services.GetRequiredService<Network>().WarmUps);
    }

    [Theory]
    [InlineData(false, true)]
    [InlineData(true, false)]
    public async Task A_private_host_has_no_reflection(bool isPrivate, bool reflected)
    {
        await using var app = Build(isPrivate);

        var endpoints = ((Microsoft.AspNetCore.Routing.IEndpointRouteBuilder)app).DataSources.SelectMany(source => source.Endpoints)
            .Select(endpoint => endpoint.DisplayName);

        Assert.Equal(reflected, endpoints.Any(name => name?.Contains("ServerReflection", StringComparison.Ordinal) == true));
    }

    static WebApplication Build(bool isPrivate)
    {
        var builder = WebApplication.CreateBuilder();
        builder.Configuration["Rewas:Listen"] = "http://127.0.0.1:0";
        builder.Configuration["Rewas:Private"] = isPrivate.ToString();
        builder.AddRewasDefaults();
        builder.Logging.ClearProviders();
        builder.Services.AddLoadedAtStart<Network>((_, network) => network.WarmUps++);
        var app = builder.Build();
        app.MapRewasDefaults();
        return app;
    }

    sealed class Network : ILoadable
    {
        public int Loads { get; private set; }

        public int WarmUps { get; set; }

        public void Load() => Loads++;
    }
}
