using Rewas.Gateway.Web.Calls;

namespace Rewas.Gateway.Web.Tools;

/// <summary>The tools over standard input and output, for one user on this machine.</summary>
public static class StdioTools
{
    /// <summary>Serves until the input ends.</summary>
    /// <param name="services">Address of the services, such as a private socket.</param>
    /// <param name="web">Address of the web API that links lead to.</param>
    public static async Task RunAsync(Uri services, Uri web, CancellationToken cancellation)
    {
        var builder = Host.CreateEmptyApplicationBuilder(new());
        builder.Services.AddSingleton(new ServiceConnection(services));
        builder.Services.AddSingleton<CheckedPrompts>();
        builder.Services.AddSingleton<IToolHost>(provider => new OneUser(provider.GetRequiredService<ServiceConnection>(), web));
        builder.Services.AddMcpServer(ToolsSetup.Describe).WithStdioServerTransport().WithTools();
        using var host = builder.Build();
        await host.RunAsync(cancellation);
    }

    sealed class OneUser(ServiceConnection connection, Uri web) : IToolHost
    {
        public CallerServices Services { get; } = new(connection.Client.Invoker);

        public string Caller => "";

        public Uri Address => web;
    }
}
