namespace Rewas.Gateway.Web.Sessions.Provider;

/// <summary>A sign-in with the provider has failed. The log has the reason; the page tells the kind.</summary>
sealed class SignInRefusedException(SignInRefusal kind, string reason) : Exception(reason)
{
    public SignInRefusal Kind => kind;
}
